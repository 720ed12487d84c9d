#pragma once
/* What the TLS room needs of OpenSSL and Swift cannot import: macros, and options of 64 bits. */
#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

/* TLS 1.3 and nothing else. Answers 1 when it is so. */
static inline int tls_only_1_3(SSL_CTX *context) {
  return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) &&
         SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION);
}

/* What others' servers may still speak (RFC 9325, section 3.1.1). */
static inline int tls_since_1_2(SSL_CTX *context) {
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) &&
         SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION);
}

/* The newest version that a context speaks: only tests lower it. */
static inline int tls_set_max_version(SSL_CTX *context, int version) {
  return (int)SSL_CTX_set_max_proto_version(context, version);
}

/* Writes may stop half-way and go on from another address; idle connections hold no buffers. */
static inline void tls_set_modes(SSL_CTX *context) {
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
}

/* One recv takes as many records as there are. */
static inline void tls_read_ahead(SSL_CTX *context) { SSL_CTX_set_read_ahead(context, 1); }

/* Sessions live in tickets only, never in a cache of ours. */
static inline void tls_no_session_cache(SSL_CTX *context) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

/* A client's own wish cannot start another handshake, and nothing is compressed. */
static inline void tls_safe_options(SSL_CTX *context) {
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
}

/* The name that a client asks for. */
static inline int tls_set_server_name(SSL *ssl, const char *name) {
  return (int)SSL_set_tlsext_host_name(ssl, (char *)name);
}

/* How many subject alternative names there are, and one of them. */
static inline int tls_names_count(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }
static inline const GENERAL_NAME *tls_name_at(const GENERAL_NAMES *names, int at) {
  return sk_GENERAL_NAME_value(names, at);
}

/* The URI of a name, or NULL when it is of another kind. */
static inline const ASN1_IA5STRING *tls_name_uri(const GENERAL_NAME *name) {
  return name->type == GEN_URI ? name->d.uniformResourceIdentifier : NULL;
}

/* How many certificates the other side sent, and one of them. */
static inline int tls_chain_count(const STACK_OF(X509) * chain) { return sk_X509_num(chain); }
static inline X509 *tls_chain_at(const STACK_OF(X509) * chain, int at) {
  return sk_X509_value(chain, at);
}

/* "Try again later", for a BIO of ours. */
static inline void tls_bio_retry_read(BIO *bio) { BIO_set_retry_read(bio); }
static inline void tls_bio_retry_write(BIO *bio) { BIO_set_retry_write(bio); }
static inline void tls_bio_clear_retry(BIO *bio) { BIO_clear_retry_flags(bio); }

/* Why an OpenSSL error was raised, without its library. */
static inline int tls_error_reason(unsigned long error) { return ERR_GET_REASON(error); }
