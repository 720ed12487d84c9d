import COpenSSL

/// HMAC with SHA-256 (RFC 2104, RFC 4231): proof that bytes come from one who has the key.
package enum HMACSHA256 {
  /// The 32-byte code of `message` under `key`, which may have any length. About 1 µs.
  package static func code(of message: [UInt8], key: [UInt8]) -> [UInt8] {
    // Key length and room are passed as they are; HMAC fails only when memory has run out.
    unsafe [UInt8](unsafeUninitializedCapacity: SHA256.size) { buffer, count in
      var written: UInt32 = 0
      let code = unsafe HMAC(
        EVP_sha256(), key, Int32(key.count), message, message.count, buffer.baseAddress, &written)
      precondition(unsafe code != nil && written == 32, "OpenSSL could not make an HMAC.")
      count = SHA256.size
    }
  }

  /// Whether `code` is the code of `message` under `key`, found out in constant time.
  package static func isValid(_ code: [UInt8], of message: [UInt8], key: [UInt8]) -> Bool {
    constantTimeEqual(code, self.code(of: message, key: key))
  }
}
