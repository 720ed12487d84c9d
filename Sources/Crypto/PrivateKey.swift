internal import COpenSSL

/// A private key on the curve P-256, which every browser and TLS library takes.
@safe
package struct PrivateKey: ~Copyable {
  let pointer: OpaquePointer

  /// A new key, made on this machine.
  package init() throws(CryptoError) {
    unsafe pointer = try unsafe require("make a key", crypto_generate_p256())
  }

  /// The key that PEM text holds, unencrypted.
  package init(pem: String) throws(CryptoError) {
    let text = try MemoryBIO(Array(pem.utf8))
    guard let key = unsafe PEM_read_bio_PrivateKey(text.pointer, nil, nil, nil) else {
      ERR_clear_error()
      throw .malformedKey
    }
    guard unsafe EVP_PKEY_is_a(key, "EC") == 1, unsafe EVP_PKEY_get_bits(key) == 256 else {
      unsafe EVP_PKEY_free(key)
      throw .malformedKey
    }
    unsafe pointer = unsafe key
  }

  deinit { unsafe EVP_PKEY_free(pointer) }

  /// The key as PEM text (PKCS #8, unencrypted): keep it in a file of mode 0600.
  package func pem() throws(CryptoError) -> String {
    let text = try MemoryBIO()
    try unsafe require(
      "write a key", PEM_write_bio_PKCS8PrivateKey(text.pointer, pointer, nil, nil, 0, nil, nil))
    return String(decoding: text.bytes, as: UTF8.self)
  }
}
