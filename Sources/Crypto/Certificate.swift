internal import COpenSSL
internal import Glibc

/// What a certificate says, read once; the PEM text is what goes into files and to TLS.
package struct Certificate: Hashable, Sendable {
  /// The certificate itself, one PEM block.
  package let pem: String
  /// The common name of its subject, empty where it has none.
  package let commonName: String
  /// The DNS names that it is for.
  package let dnsNames: [String]
  /// The addresses of the form scheme://… that it is for: a node's identity is one.
  package let uris: [String]
  /// SHA-256 of its DER form, by which it is named: its fingerprint.
  package let fingerprint: [UInt8]
  /// The first instant at which it holds, in milliseconds since 1970-01-01T00:00:00Z.
  package let notBefore: Int64
  /// The last instant at which it holds, in milliseconds since 1970-01-01T00:00:00Z.
  package let notAfter: Int64

  /// The first certificate in PEM text.
  package init(pem: String) throws(CryptoError) {
    let certificate = try X509(pem: pem)
    try self.init(certificate)
  }

  init(_ certificate: borrowing X509) throws(CryptoError) {
    pem = try certificate.pem()
    fingerprint = try certificate.fingerprint()
    commonName = certificate.commonName
    notBefore = try unsafe certificate.instant(X509_get0_notBefore(certificate.pointer))
    notAfter = try unsafe certificate.instant(X509_get0_notAfter(certificate.pointer))
    (dnsNames, uris) = certificate.subjectNames
  }
}

/// OpenSSL's certificate; freed at the end of its scope.
@safe
struct X509: ~Copyable {
  let pointer: OpaquePointer

  /// A certificate that says nothing yet.
  init() throws(CryptoError) {
    unsafe pointer = try unsafe require("make a certificate", X509_new())
  }

  /// The first certificate in PEM text.
  init(pem: String) throws(CryptoError) {
    let text = try MemoryBIO(Array(pem.utf8))
    guard let read = unsafe PEM_read_bio_X509(text.pointer, nil, nil, nil) else {
      ERR_clear_error()
      throw .malformedCertificate
    }
    unsafe pointer = unsafe read
  }

  deinit { unsafe X509_free(pointer) }

  func pem() throws(CryptoError) -> String {
    let text = try MemoryBIO()
    try unsafe require("write a certificate", PEM_write_bio_X509(text.pointer, pointer))
    return String(decoding: text.bytes, as: UTF8.self)
  }

  func fingerprint() throws(CryptoError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: SHA256.size)
    var count: UInt32 = 0
    try unsafe require(
      "hash a certificate", X509_digest(pointer, EVP_sha256(), &bytes, &count))
    return bytes
  }

  var commonName: String {
    let subject = unsafe X509_get_subject_name(pointer)
    let place = unsafe X509_NAME_get_index_by_NID(subject, NID_commonName, -1)
    guard place >= 0 else { return "" }
    return unsafe text(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, place)))
  }

  /// The DNS names and URIs of the subject's alternative names.
  var subjectNames: (dns: [String], uris: [String]) {
    guard let found = unsafe X509_get_ext_d2i(pointer, NID_subject_alt_name, nil, nil) else {
      return ([], [])
    }
    let names = OpaquePointer(found)
    defer { unsafe GENERAL_NAMES_free(names) }
    var result: (dns: [String], uris: [String]) = ([], [])
    let count = unsafe crypto_names_count(names)
    for place in 0..<count {
      var kind: Int32 = 0
      guard let value = unsafe crypto_name_text(crypto_names_at(names, place), &kind) else {
        continue
      }
      if kind == GEN_DNS { unsafe result.dns.append(text(value)) }
      if kind == GEN_URI { unsafe result.uris.append(text(value)) }
    }
    return result
  }

  func instant(_ time: UnsafePointer<ASN1_TIME>?) throws(CryptoError) -> Int64 {
    var fields = unsafe tm()
    try unsafe require("read a certificate's dates", ASN1_TIME_to_tm(time, &fields))
    return Int64(unsafe timegm(&fields)) * 1000
  }

  private func text(_ string: UnsafePointer<ASN1_STRING>?) -> String {
    guard let string = unsafe string, let start = unsafe ASN1_STRING_get0_data(string) else {
      return ""
    }
    let bytes = unsafe UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(string)))
    return unsafe String(decoding: bytes, as: UTF8.self)
  }
}
