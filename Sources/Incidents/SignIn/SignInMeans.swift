package import Bytes

/// What a person signs in with beside tokens, as far as the cluster keeps it.
///
/// It stands beside the record, not in it: in each node's state and in no row of the ledger and no
/// export, since who has it can begin to guess. The record says when it was set and by whom.
package struct SignInMeans: Hashable, Sendable {
  /// One more with every change, so that what was checked is what is signed in with.
  package var version: UInt64
  /// The password's verifier in its text form, at most ``longestVerifier`` bytes.
  package var verifier: String?
  /// The ten printed codes.
  package var sheet: CodeSheet?

  /// The most bytes of a verifier.
  package static let longestVerifier = 128

  /// Means to sign in with.
  package init(version: UInt64 = 0, verifier: String? = nil, sheet: CodeSheet? = nil) {
    self.version = version
    self.verifier = verifier
    self.sheet = sheet
  }

  /// Their binary form, version 1.
  package func encoded() -> [UInt8] { versioned(reserving: 640) }
  /// The means in `bytes`.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) { try self.init(versioned: bytes) }
}

extension SignInMeans: BinaryForm {
  func write(to bytes: inout ByteWriter) {
    bytes.put(version)
    bytes.put(maybe: verifier)
    bytes.put(maybe: sheet)
  }

  init(from bytes: inout ByteReader) throws(MalformedBytes) {
    self.init(
      version: try bytes.u64(), verifier: try bytes.maybeText(max: Self.longestVerifier),
      sheet: try bytes.maybe())
  }
}

extension SignInMeans: CustomStringConvertible, CustomReflectable {
  /// What there is, never what it is.
  package var description: String {
    "version \(version): \(verifier == nil ? "no password" : "a password"), "
      + (sheet.map { "\($0)" } ?? "no codes")
  }

  /// Nothing to look into.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
