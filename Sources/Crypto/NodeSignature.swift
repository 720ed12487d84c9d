internal import COpenSSL

extension PrivateKey {
  /// The signature of a message: ECDSA with SHA-256, in DER (RFC 3279, section 2.2.3).
  package func signature(of message: [UInt8]) throws(CryptoError) -> [UInt8] {
    let context = try unsafe require("sign", EVP_MD_CTX_new())
    defer { unsafe EVP_MD_CTX_free(context) }
    try unsafe require("sign", EVP_DigestSignInit(context, nil, EVP_sha256(), nil, pointer))
    var count = 0
    try unsafe require(
      "sign", EVP_DigestSign(context, nil, &count, message, message.count))
    var bytes = [UInt8](repeating: 0, count: count)
    try unsafe require(
      "sign", EVP_DigestSign(context, &bytes, &count, message, message.count))
    return Array(bytes.prefix(count))
  }
}

extension Certificate {
  /// Whether the holder of this certificate's key signed a message, as ``PrivateKey/signature(of:)`` does.
  package func isSigner(of message: [UInt8], _ signature: [UInt8]) throws(CryptoError) -> Bool {
    let certificate = try X509(pem: pem)
    let key = try unsafe require("read a key", X509_get0_pubkey(certificate.pointer))
    let context = try unsafe require("check a signature", EVP_MD_CTX_new())
    defer { unsafe EVP_MD_CTX_free(context) }
    try unsafe require(
      "check a signature", EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key))
    let answer = unsafe EVP_DigestVerify(
      context, signature, signature.count, message, message.count)
    // What is no signature at all is an error to OpenSSL, and to us one that is not valid.
    ERR_clear_error()
    return answer == 1
  }

  /// Whether `authority` issued this certificate: it names it, and signed it.
  package func isIssued(by authority: Certificate) throws(CryptoError) -> Bool {
    let own = try X509(pem: pem)
    let issuer = try X509(pem: authority.pem)
    let key = try unsafe require("read a key", X509_get0_pubkey(issuer.pointer))
    let names = unsafe X509_check_issued(issuer.pointer, own.pointer)
    let signs = unsafe X509_verify(own.pointer, key)
    ERR_clear_error()
    return names == X509_V_OK && signs == 1
  }
}
