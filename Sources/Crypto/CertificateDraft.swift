internal import COpenSSL
internal import Glibc

/// A certificate while it is being written, before it is signed.
struct CertificateDraft: ~Copyable {
  let certificate: X509

  /// RFC 5280, upper bound ub-common-name.
  static let longestCommonName = 64
  /// DNS names are at most 253 characters; a node's URI is far shorter.
  static let longestName = 253

  /// A draft for the public half of `key`, with a random serial number.
  init(key: borrowing PrivateKey, commonName: String) throws(CryptoError) {
    try self.init(commonName: commonName) { certificate throws(CryptoError) in
      try unsafe require("set a public key", X509_set_pubkey(certificate.pointer, key.pointer))
    }
  }

  /// A draft for the public key of a request.
  init(
    request: borrowing CertificateRequest, commonName: String
  ) throws(CryptoError) {
    try self.init(commonName: commonName) { certificate throws(CryptoError) in
      try unsafe require(
        "set a public key", X509_set_pubkey(certificate.pointer, request.publicKey))
    }
  }

  private init(
    commonName: String, setKey: (borrowing X509) throws(CryptoError) -> Void
  ) throws(CryptoError) {
    guard (1...Self.longestCommonName).contains(commonName.utf8.count) else {
      throw .badName(commonName)
    }
    let certificate = try X509()
    // X.509 version 3 is written as 2.
    try unsafe require("set a certificate's version", X509_set_version(certificate.pointer, 2))
    try Self.setSerial(of: certificate)
    let name = unsafe X509_get_subject_name(certificate.pointer)
    let text = Array(commonName.utf8)
    try unsafe require(
      "name a certificate",
      X509_NAME_add_entry_by_NID(
        name, NID_commonName, MBSTRING_UTF8, text, Int32(text.count), -1, 0))
    try setKey(certificate)
    self.certificate = certificate
  }

  /// The certificate, given away.
  consuming func take() -> X509 { certificate }

  /// Sets the span for which it holds, in milliseconds since 1970-01-01T00:00:00Z.
  func holds(from start: Int64, to end: Int64) throws(CryptoError) {
    let first = unsafe ASN1_TIME_set(X509_getm_notBefore(certificate.pointer), Int(start / 1000))
    let last = unsafe ASN1_TIME_set(X509_getm_notAfter(certificate.pointer), Int(end / 1000))
    guard unsafe first != nil, unsafe last != nil else {
      throw .refused(operation: "set a certificate's dates", reason: openSSLReason())
    }
  }

  /// Names the one who signs it, which may be itself.
  func isIssued(by issuer: borrowing X509) throws(CryptoError) {
    try unsafe require(
      "name an issuer",
      X509_set_issuer_name(certificate.pointer, X509_get_subject_name(issuer.pointer)))
  }

  /// Adds an extension in OpenSSL's own words; only texts written in this module get here.
  func add(_ kind: Int32, _ words: String, issuer: borrowing X509) throws(CryptoError) {
    var context = unsafe X509V3_CTX()
    unsafe X509V3_set_ctx(&context, issuer.pointer, certificate.pointer, nil, nil, 0)
    let made = try unsafe require(
      "make a certificate's extension", X509V3_EXT_conf_nid(nil, &context, kind, words))
    defer { unsafe X509_EXTENSION_free(made) }
    try unsafe require(
      "add a certificate's extension", X509_add_ext(certificate.pointer, made, -1))
  }

  /// Adds the names and addresses of `subject`.
  ///
  /// They are put in as values, not as words of OpenSSL's little language, in which a comma or an
  /// at-sign would mean something.
  func add(_ subject: CertificateSubject) throws(CryptoError) {
    let names = try unsafe require("make a list of names", crypto_names_new())
    defer { unsafe GENERAL_NAMES_free(names) }
    for name in subject.dnsNames {
      try unsafe push(GEN_DNS, try Self.bytes(dnsName: name), to: names)
    }
    for address in subject.addresses {
      try unsafe push(GEN_IPADD, try Self.bytes(address: address), to: names)
    }
    if let uri = subject.uri { try unsafe push(GEN_URI, try Self.bytes(uri: uri), to: names) }
    try unsafe require(
      "add names to a certificate",
      X509_add1_ext_i2d(
        certificate.pointer, NID_subject_alt_name, UnsafeMutableRawPointer(names), 0, 0))
  }

  /// Signs it; nothing may be added after that.
  func sign(with key: borrowing PrivateKey) throws(CryptoError) {
    let size = unsafe X509_sign(certificate.pointer, key.pointer, EVP_sha256())
    guard size > 0 else {
      throw .refused(operation: "sign a certificate", reason: openSSLReason())
    }
  }

  /// Sixteen random bytes, positive and not zero: no two certificates of an authority share one.
  private static func setSerial(of certificate: borrowing X509) throws(CryptoError) {
    var bytes = secureRandom(16)
    bytes[0] = bytes[0] & 0x7F | 0x40
    let number = try unsafe require("make a serial number", BN_bin2bn(bytes, 16, nil))
    defer { unsafe BN_free(number) }
    let serial = unsafe BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate.pointer))
    guard unsafe serial != nil else {
      throw .refused(operation: "set a serial number", reason: openSSLReason())
    }
  }

  private func push(
    _ kind: Int32, _ bytes: [UInt8], to names: OpaquePointer
  ) throws(CryptoError) {
    let name = try unsafe require("make a name", GENERAL_NAME_new())
    let text = unsafe kind == GEN_IPADD ? ASN1_OCTET_STRING_new() : ASN1_IA5STRING_new()
    guard let text = unsafe text, unsafe ASN1_STRING_set(text, bytes, Int32(bytes.count)) == 1
    else {
      unsafe ASN1_STRING_free(text)
      unsafe GENERAL_NAME_free(name)
      throw .refused(operation: "make a name", reason: openSSLReason())
    }
    // The name owns the text from here on, and the list owns the name.
    unsafe GENERAL_NAME_set0_value(name, kind, text)
    guard unsafe crypto_names_push(names, name) > 0 else {
      unsafe GENERAL_NAME_free(name)
      throw .refused(operation: "list a name", reason: openSSLReason())
    }
  }

  /// A DNS name: letters, digits, hyphens and dots, and a `*` only as its whole first label.
  static func bytes(dnsName name: String) throws(CryptoError) -> [UInt8] {
    let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    for (place, label) in labels.enumerated() {
      let wildcard = place == 0 && labels.count > 1 && label.elementsEqual("*".utf8)
      guard wildcard || isLabel(label) else { throw .badName(name) }
    }
    guard name.utf8.count <= longestName else { throw .badName(name) }
    return Array(name.utf8)
  }

  /// An IPv4 or IPv6 address as the 4 or 16 bytes that a certificate holds.
  static func bytes(address: String) throws(CryptoError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 16)
    if unsafe inet_pton(AF_INET, address, &bytes) == 1 { return Array(bytes.prefix(4)) }
    if unsafe inet_pton(AF_INET6, address, &bytes) == 1 { return bytes }
    throw .badName(address)
  }

  /// A URI of visible ASCII characters.
  static func bytes(uri: String) throws(CryptoError) -> [UInt8] {
    let visible = uri.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    guard visible, (1...longestName).contains(uri.utf8.count) else { throw .badName(uri) }
    return Array(uri.utf8)
  }

  private static func isLabel(_ label: Substring.UTF8View) -> Bool {
    let hyphen = UInt8(ascii: "-")
    guard (1...63).contains(label.count), label.first != hyphen, label.last != hyphen else {
      return false
    }
    return label.allSatisfy { unit in
      switch unit {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), hyphen:
        true
      default: false
      }
    }
  }
}
