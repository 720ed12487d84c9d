internal import COpenSSL

/// What OpenSSL says about the last thing it refused on this thread.
func openSSLReason() -> String {
  let code = ERR_get_error()
  ERR_clear_error()
  guard code != 0, let text = unsafe ERR_reason_error_string(code) else { return "no reason given" }
  return unsafe String(cString: text)
}

/// `value`, or the refusal of `operation` where OpenSSL answered with nothing.
func require<Pointer>(
  _ operation: String, _ value: Pointer?
) throws(CryptoError) -> Pointer {
  guard let value else { throw .refused(operation: operation, reason: openSSLReason()) }
  return value
}

/// The refusal of `operation` where OpenSSL did not answer 1.
func require(_ operation: String, _ done: Int32) throws(CryptoError) {
  guard done == 1 else { throw .refused(operation: operation, reason: openSSLReason()) }
}

/// A piece of memory that OpenSSL writes to or reads from; freed at the end of its scope.
@safe
struct MemoryBIO: ~Copyable {
  let pointer: OpaquePointer

  /// Memory that OpenSSL may write to.
  init() throws(CryptoError) {
    unsafe pointer = try unsafe require("make a buffer", BIO_new(BIO_s_mem()))
  }

  /// Memory that holds a copy of `bytes`.
  init(_ bytes: [UInt8]) throws(CryptoError) {
    let filled = try unsafe require("make a buffer", BIO_new(BIO_s_mem()))
    let written = unsafe BIO_write(filled, bytes, Int32(bytes.count))
    guard Int(written) == bytes.count else {
      unsafe BIO_free_all(filled)
      throw .refused(operation: "fill a buffer", reason: openSSLReason())
    }
    unsafe pointer = unsafe filled
  }

  deinit { unsafe BIO_free_all(pointer) }

  /// What OpenSSL has written so far.
  var bytes: [UInt8] {
    var start: UnsafePointer<UInt8>?
    let count = unsafe crypto_bio_bytes(pointer, &start)
    return unsafe Array(UnsafeBufferPointer(start: start, count: count))
  }
}
