import COpenSSL

/// SHA-256 (FIPS 180-4) of bytes that are all at hand.
package enum SHA256 {
  /// How many bytes a hash has.
  package static let size = 32

  /// The 32-byte hash of `bytes`. Costs about 0.4 µs; where many are made, use ``SHA256Stream``.
  package static func hash(_ bytes: [UInt8]) -> [UInt8] {
    var stream = SHA256Stream()
    stream.update(bytes)
    return stream.finish()
  }
}

/// SHA-256 of bytes as they come, made to be used again and again.
///
/// The digest's state is allocated once; each hash of a short message then costs about 0.2 µs.
/// ``finish()`` makes it ready for the next message.
@safe
package struct SHA256Stream: ~Copyable {
  private let context: OpaquePointer

  /// A stream that has taken nothing in.
  package init() {
    // Both calls fail only when memory has run out or OpenSSL is not whole.
    guard let context = unsafe EVP_MD_CTX_new() else {
      preconditionFailure("OpenSSL has no memory for a digest.")
    }
    unsafe self.context = unsafe context
    let ready = unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil)
    precondition(ready == 1, "OpenSSL has no SHA-256.")
  }

  deinit { unsafe EVP_MD_CTX_free(context) }

  /// Takes in the next bytes of the message.
  package mutating func update(_ bytes: [UInt8]) {
    unsafe bytes.withUnsafeBytes { unsafe take($0) }
  }

  /// Takes in the next bytes of the message.
  package mutating func update(_ bytes: ArraySlice<UInt8>) {
    unsafe bytes.withUnsafeBytes { unsafe take($0) }
  }

  /// Takes in the next bytes of the message.
  package mutating func update(_ bytes: borrowing RawSpan) {
    unsafe bytes.withUnsafeBytes { unsafe take($0) }
  }

  /// The 32-byte hash of all that was taken in; the stream then starts a new message.
  package mutating func finish() -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: SHA256.size) { buffer, count in
      // The buffer has exactly the room that EVP_DigestFinal_ex writes for SHA-256.
      let whole = unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
      let ready = unsafe EVP_DigestInit_ex(context, nil, nil)
      precondition(whole == 1 && ready == 1, "OpenSSL could not finish a SHA-256.")
      count = SHA256.size
    }
  }

  private func take(_ bytes: UnsafeRawBufferPointer) {
    let taken = unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    precondition(taken == 1, "OpenSSL could not take \(bytes.count) bytes into a SHA-256.")
  }
}
