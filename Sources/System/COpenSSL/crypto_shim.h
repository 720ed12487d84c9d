#pragma once
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
/* What Crypto needs and Swift cannot import: variadic functions and macros, one line each. */

static inline EVP_PKEY *crypto_generate_p256(void) {
  return EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
}
static inline size_t crypto_bio_bytes(BIO *bio, const unsigned char **bytes) {
  char *start = NULL;
  long count = BIO_get_mem_data(bio, &start);
  *bytes = (const unsigned char *)start;
  return count > 0 ? (size_t)count : 0;
}
static inline GENERAL_NAMES *crypto_names_new(void) { return sk_GENERAL_NAME_new_null(); }
static inline int crypto_names_push(GENERAL_NAMES *names, GENERAL_NAME *name) {
  return sk_GENERAL_NAME_push(names, name);
}
static inline int crypto_names_count(const GENERAL_NAMES *names) {
  return sk_GENERAL_NAME_num(names);
}
static inline const GENERAL_NAME *crypto_names_at(const GENERAL_NAMES *names, int place) {
  return sk_GENERAL_NAME_value(names, place);
}
/* The text of a DNS or URI name; the kind is GEN_DNS or GEN_URI. */
static inline const ASN1_STRING *crypto_name_text(const GENERAL_NAME *name, int *kind) {
  return (const ASN1_STRING *)GENERAL_NAME_get0_value(name, kind);
}
