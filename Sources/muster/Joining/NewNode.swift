package import Access
import Crypto
import EventLoop
import Setup
package import TLS

/// A machine that is to be a node: makes its keys, asks with a token, and writes its configuration.
package struct NewNode {
  /// Where its files lie: node.json, ca.crt, the two certificates and keys, and data.
  package let folder: String

  /// A node in the folder at an absolute path.
  package init(folder: String) { self.folder = folder }

  /// What `muster node` reads.
  package var configuration: String { "\(folder)/node.json" }

  /// Why a machine could not join, and what to do.
  package enum Trouble: Error, Sendable, CustomStringConvertible {
    /// The token's time is over by this machine's clock.
    case expired
    /// Nobody who takes tokens can be reached.
    case unreachable(String, TLSError)
    /// Whoever answers is not of the token's authority. Nothing was said to them.
    case foreignAuthority(String)
    /// The other side refused.
    case refused(JoinRefusal)
    /// The other side's answer cannot be read, or is not for the keys that were sent.
    case strangeAnswer
    /// A file or a key could not be made.
    case files(String)

    package var description: String {
      switch self {
      case .expired:
        "The token is out of its time, by this machine's clock. Issue another: muster cluster add."
      case .unreachable(let place, let error):
        "Nobody takes the token at \(place): \(error) Either this machine cannot reach that one, or "
          + "muster cluster add has ended there: then the token is over, and another is to be issued."
      case .foreignAuthority(let place):
        "What answers at \(place) is not of the authority that the token names. Nothing was sent. "
          + "Ask whoever gave you the token; somebody may be in between."
      case .refused(let refusal): "\(refusal)"
      case .strangeAnswer:
        "The answer cannot be used: are both sides of the same version of Muster?"
      case .files(let why): why
      }
    }
  }

  /// Joins with `token`. When it returns, the files are whole and the node may be started.
  package func join(with token: JoinToken, at now: Int64) throws(Trouble) {
    guard now < token.expiresAt else { throw .expired }
    guard let place = Endpoint(token.address) else { throw .strangeAnswer }
    guard !Files.exists(configuration) else {
      throw .files("\(configuration) is there already, and nothing was done.")
    }
    let papers = try making { try makeKeys() }
    try making { try keep(authority: try authority(of: token, at: place)) }
    let request = JoinRequest(
      token, peerRequest: papers.peerRequest, clientRequest: papers.clientRequest)
    switch try ask(request, at: place) {
    case .refused(let refusal): throw .refused(refusal)
    case .welcome(let welcome): try making { try keep(welcome) }
    }
  }

  /// Looks at who answers, and says nothing. The authority's certificate, if it is the token's.
  private func authority(of token: JoinToken, at place: Endpoint) throws(Trouble) -> Certificate {
    let chain: [String]
    do throws(TLSError) {
      let connection = try BlockingClient(
        to: place, context: try TLSContext.onlyLooking(), within: JoinWire.patience)
      chain = connection.chain
      connection.close()
    } catch {
      throw .unreachable(token.address, error)
    }
    // What cannot be read is not the one that is looked for.
    let certificates = chain.compactMap { try? Certificate(pem: $0) }
    guard let found = certificates.first(where: { $0.fingerprint == token.authority }) else {
      throw .foreignAuthority(token.address)
    }
    return found
  }

  /// Speaks to nobody but a server of that authority: the handshake fails before a byte is sent.
  private func ask(_ request: JoinRequest, at place: Endpoint) throws(Trouble) -> JoinAnswer {
    let bytes: [UInt8]
    do throws(TLSError) {
      var connection = try BlockingClient(
        to: place, context: try TLSContext.client(authority: authorityFile),
        within: JoinWire.patience)
      try JoinWire.send(request.encoded, on: &connection)
      bytes = try JoinWire.receive(atMost: JoinAnswer.largest, on: &connection)
      connection.close()
    } catch .unknownAuthority {
      throw .foreignAuthority("\(place)")
    } catch {
      throw .unreachable("\(place)", error)
    }
    guard let answer = try? JoinAnswer(decoding: bytes) else { throw .strangeAnswer }
    return answer
  }

  // MARK: Files

  private var authorityFile: String { "\(folder)/ca.crt" }
  private func file(_ name: String) -> String { "\(folder)/\(name)" }

  /// The keys never leave this folder.
  private func makeKeys() throws -> (peerRequest: String, clientRequest: String) {
    try Files.makeFolder(folder, mode: LocalFolder.folderMode)
    try Files.makeFolder(file("data"), mode: LocalFolder.folderMode)
    var requests: [String] = []
    for name in ["peer.key", "client.key"] {
      let key = try PrivateKey()
      requests.append(try CertificateRequest.pem(for: key))
      try write(try key.pem(), name, LocalFolder.secretMode)
    }
    return (requests[0], requests[1])
  }

  private func keep(authority: Certificate) throws {
    try write(authority.pem, "ca.crt", LocalFolder.publicMode)
  }

  private func keep(_ welcome: JoinAnswer.Welcome) throws {
    try write(welcome.peerCertificate, "peer.crt", LocalFolder.publicMode)
    try write(welcome.clientCertificate, "client.crt", LocalFolder.publicMode)
    guard let text = NodeText.joining(welcome, in: folder) else { throw Trouble.strangeAnswer }
    // Last, for it is what says that the folder is whole.
    try write(text, "node.json", LocalFolder.secretMode)
    try NodeFile(at: configuration).checkPapers()
  }

  private func write(_ text: String, _ name: String, _ mode: UInt32) throws(FileError) {
    try Files.write(Array(text.utf8), to: file(name), mode: mode)
  }

  private func making<Value>(_ body: () throws -> Value) throws(Trouble) -> Value {
    do {
      return try body()
    } catch let trouble as Trouble {
      throw trouble
    } catch let failure as Failure {
      throw .files(failure.message)
    } catch {
      throw .files("\(error)")
    }
  }
}
