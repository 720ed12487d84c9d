internal import COpenSSL

/// What a machine sends to have its public key certified (PKCS #10, RFC 2986), as PEM text.
///
/// It names nobody: an authority that let it would sign names of the asker's choice. It carries a
/// public key, and shows by its own signature that the asker has the private one.
@safe
package struct CertificateRequest: ~Copyable {
  /// A request of ours has some 400 bytes.
  package static let largest = 4_096

  let publicKey: OpaquePointer

  /// Reads a request, and refuses one that its own key did not sign, or of a key of another kind.
  package init(pem: String) throws(CryptoError) {
    let text = try MemoryBIO(Array(pem.utf8))
    guard let request = unsafe PEM_read_bio_X509_REQ(text.pointer, nil, nil, nil) else {
      ERR_clear_error()
      throw .malformedRequest
    }
    defer { unsafe X509_REQ_free(request) }
    guard let key = unsafe X509_REQ_get_pubkey(request) else {
      ERR_clear_error()
      throw .malformedRequest
    }
    guard unsafe EVP_PKEY_is_a(key, "EC") == 1, unsafe EVP_PKEY_get_bits(key) == 256,
      unsafe X509_REQ_verify(request, key) == 1
    else {
      unsafe EVP_PKEY_free(key)
      ERR_clear_error()
      throw .malformedRequest
    }
    unsafe publicKey = unsafe key
  }

  deinit { unsafe EVP_PKEY_free(publicKey) }

  /// The request of whoever has `key`.
  package static func pem(for key: borrowing PrivateKey) throws(CryptoError) -> String {
    let request = try unsafe require("make a certificate request", X509_REQ_new())
    defer { unsafe X509_REQ_free(request) }
    // PKCS #10 version 1 is written as 0.
    try unsafe require("set a request's version", X509_REQ_set_version(request, 0))
    try unsafe require("set a public key", X509_REQ_set_pubkey(request, key.pointer))
    guard unsafe X509_REQ_sign(request, key.pointer, EVP_sha256()) > 0 else {
      throw .refused(operation: "sign a certificate request", reason: openSSLReason())
    }
    let text = try MemoryBIO()
    try unsafe require("write a certificate request", PEM_write_bio_X509_REQ(text.pointer, request))
    return String(decoding: text.bytes, as: UTF8.self)
  }
}
