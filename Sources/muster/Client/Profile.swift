import EventLoop
import Glibc
import JSON

/// A cluster that somebody signed in to: where its nodes are, whom to trust, and a token or a session.
///
/// It is used whole or not at all, so that a token never goes to nodes that it is not of.
struct Profile: Hashable, Sendable {
  /// The nodes, as `--endpoint` lists them.
  var endpoint: String
  /// The path of the authority's PEM file.
  var authority: String
  /// Who asks, where it is by a token; `nil` once signed out.
  var token: String?
  /// Who asks, where they signed in with a password or a code: the secret of their session.
  var session: String?
  /// When that ends at the latest, as the interface writes it.
  var sessionEnd: String?
  /// Who that is, to sign in again: their address.
  var account: String?
  /// The mark by which the cluster knows this machine when somebody signs in.
  var device: String?

  /// Its file's content.
  var content: [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("endpoint", endpoint)
    json.member("ca", authority)
    json.member("token", token)
    json.member("session", session)
    json.member("sessionEnds", sessionEnd)
    json.member("account", account)
    json.member("device", device)
    json.endObject()
    return json.bytes + [UInt8(ascii: "\n")]
  }

  init(endpoint: String, authority: String, token: String?) {
    self.endpoint = endpoint
    self.authority = authority
    self.token = token
  }

  /// What a file says; `nil` if that is no profile.
  init?(content: [UInt8]) {
    // Whatever is wrong with it, signing in again writes it anew.
    guard let value = try? JSONValue(parsing: content), let endpoint = value["endpoint"]?.text,
      let authority = value["ca"]?.text
    else { return nil }
    self.init(endpoint: endpoint, authority: authority, token: value["token"]?.text)
    session = value["session"]?.text
    sessionEnd = value["sessionEnds"]?.text
    account = value["account"]?.text
    device = value["device"]?.text
  }

  /// Who asks by it; `nil` once signed out.
  var credential: Credential? { token.map { .token($0) } ?? session.map { .session($0) } }

  /// What a command uses of it, or `nil` once signed out.
  func standing(named name: String) -> Standing? {
    guard let credential else { return nil }
    let lost =
      token != nil
      ? "The cluster does not know the token of the profile \(name): it was revoked, or it ran out."
      : "Your session with the profile \(name) is over."
    return Standing(
      endpoints: endpoint, authority: authority, credential: credential,
      renewal: "\(lost)\nSign in again: muster login --profile \(name)")
  }

  /// Forgets who asks. Where the cluster is stays known, and so does the account.
  mutating func signOut() { (token, session, sessionEnd) = (nil, nil, nil) }
}

/// The folder in which a person's profiles lie, a file each that nobody else may read.
struct ProfileFolder: Hashable, Sendable {
  /// The name of the only profile of most people.
  static let usual = "default"
  /// Nine endpoints, a path and a token.
  private static let largest = 16 * 1_024
  private static let ending = ".json"

  /// The folder's path.
  let path: String

  /// `$XDG_CONFIG_HOME/muster`, or `~/.config/muster`; `nil` where there is no home.
  static func ofUser() -> ProfileFolder? {
    if let folder = Environment.value("XDG_CONFIG_HOME"), folder.hasPrefix("/") {
      return ProfileFolder(path: "\(folder)/muster")
    }
    return Environment.value("HOME").map { ProfileFolder(path: "\($0)/.config/muster") }
  }

  /// Which profile a command uses, or `nil` for none: one that is named, or the one in use where
  /// nothing else says which cluster is meant.
  ///
  /// - Parameters:
  ///   - option: `--profile`.
  ///   - others: The options given that say a part of what a profile says.
  ///   - variable: `MUSTER_PROFILE`.
  ///   - isElsewhere: Whether other variables, or a local cluster in this folder, say it.
  ///   - current: The profile in use.
  static func choice(
    option: String?, others: [String], variable: String?, isElsewhere: Bool, current: String?
  ) throws(Failure) -> String? {
    guard others.isEmpty else {
      guard option == nil else {
        throw .usage("A profile is used whole: leave out \(others.joined(separator: ", ")).")
      }
      return nil
    }
    return option ?? variable ?? (isElsewhere ? nil : current)
  }

  /// The profile of this name.
  func profile(_ name: String) throws(Failure) -> Profile {
    let file = try file(name)
    guard Files.exists(file) else {
      throw .usage(
        "There is no profile \"\(name)\". Sign in with: muster login --profile \(name)")
    }
    try refuseOpen(file)
    guard let profile = Profile(content: try read(file)) else {
      throw .usage("\(file) is no profile. Sign in again: muster login --profile \(name)")
    }
    return profile
  }

  /// The profile of this name, if there is one that can be read.
  func known(_ name: String) -> Profile? {
    // Signing in writes it anew, whatever is the matter with it.
    try? profile(name)
  }

  /// Keeps a profile, in the place of one with its name.
  func keep(_ profile: Profile, as name: String) throws(Failure) {
    try write(profile.content, to: try file(name))
  }

  /// Removes a profile for good.
  func remove(_ name: String) throws(Failure) {
    let file = try file(name)
    guard Files.exists(file) else {
      throw .usage("There is no profile \"\(name)\". See: muster profile list")
    }
    try carryOut { () throws(FileError) in try Files.remove(file) }
    if current == name { try carryOut { () throws(FileError) in try Files.remove(currentFile) } }
  }

  /// The name of the profile in use.
  var current: String? {
    // A file that cannot be read names none.
    guard let bytes = try? Files.read(currentFile, atMost: 64) else { return nil }
    let name = String(decoding: bytes, as: UTF8.self).filter { $0 != "\n" }
    return Self.isName(name) ? name : nil
  }

  /// Uses a profile from now on.
  func use(_ name: String) throws(Failure) {
    _ = try profile(name)
    try write(Array("\(name)\n".utf8), to: currentFile)
  }

  /// The names of all, in order.
  func names() throws(Failure) -> [String] {
    guard Files.exists(path) else { return [] }
    var names: [String] = []
    try carryOut { () throws(FileError) in names = try Files.list(path) }
    return names.filter { $0.hasSuffix(Self.ending) }
      .map { String($0.dropLast(Self.ending.count)) }.filter(Self.isName).sorted()
  }

  private var currentFile: String { "\(path)/current" }

  /// The file of a profile: a name never leads out of the folder.
  func file(_ name: String) throws(Failure) -> String {
    guard Self.isName(name) else {
      throw .usage("A profile's name is 1 to 32 of a-z, 0-9 and -, not \"\(name)\".")
    }
    return "\(path)/\(name)\(Self.ending)"
  }

  private static func isName(_ text: String) -> Bool {
    (1...32).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
          || $0 == UInt8(ascii: "-")
      }
  }

  /// A token that others may have read is theirs too, so it is not used in silence.
  private func refuseOpen(_ file: String) throws(Failure) {
    var state = stat()
    guard unsafe stat(file, &state) == 0 else {
      throw .usage("\(file) cannot be looked at.")
    }
    guard state.st_mode & 0o077 == 0 else {
      throw .usage(
        "\(file) holds a token, and others on this machine may read it.\nRun: chmod 600 \(file)\n"
          + "If somebody may have, revoke the token: muster person tokens me, muster person revoke."
      )
    }
  }

  private func read(_ file: String) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    try carryOut { () throws(FileError) in bytes = try Files.read(file, atMost: Self.largest) }
    return bytes
  }

  private func write(_ bytes: [UInt8], to file: String) throws(Failure) {
    try carryOut { () throws(FileError) in
      try Files.makeFolder(path, mode: LocalFolder.folderMode)
      try Files.write(bytes, to: file, mode: LocalFolder.secretMode)
    }
  }

  private func carryOut(_ body: () throws(FileError) -> Void) throws(Failure) {
    do throws(FileError) { try body() } catch { throw .usage("\(error)") }
  }
}
