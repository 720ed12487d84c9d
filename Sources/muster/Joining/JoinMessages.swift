package import Access
package import Bytes

/// What a new machine sends: which token it has, that it has it, and the keys that it made.
package struct JoinRequest: Hashable, Sendable {
  /// The token's id.
  package var id: ID
  /// The request for its certificate as a peer, PEM.
  package var peerRequest: String
  /// The request for what it shows to clients, PEM.
  package var clientRequest: String
  /// What shows that all of this comes from whoever has the token.
  package var proof: [UInt8]

  /// The largest of them, with room: two requests and little more.
  package static let largest = 16 * 1_024
  private static let largestPaper = 4_096
  private static let version: UInt8 = 1
  private static let proofSize = 32

  /// A request by `token`.
  package init(_ token: JoinToken, peerRequest: String, clientRequest: String) {
    id = token.id
    self.peerRequest = peerRequest
    self.clientRequest = clientRequest
    proof = []
    proof = token.proof(of: statement)
  }

  /// Reads what came over the wire.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
    var reader = ByteReader(bytes)
    let version = try reader.u8()
    guard version == Self.version else {
      throw .unknown(what: "JoinRequest", value: UInt64(version))
    }
    id = try reader.id()
    peerRequest = try reader.string(max: Self.largestPaper)
    clientRequest = try reader.string(max: Self.largestPaper)
    proof = try reader.raw(Self.proofSize)
    try reader.finish()
  }

  /// What goes over the wire.
  package var encoded: [UInt8] { statement + proof }

  /// Whether it was made by whoever has `token`.
  package func isProven(by token: JoinToken) -> Bool { token.isProven(statement, by: proof) }

  /// All that is proven.
  private var statement: [UInt8] {
    var writer = ByteWriter()
    writer.put(Self.version)
    writer.put(id)
    writer.put(peerRequest)
    writer.put(clientRequest)
    return writer.bytes
  }
}

/// What it is answered.
package enum JoinAnswer: Hashable, Sendable {
  /// It is a member from now on.
  case welcome(Welcome)
  /// It is not.
  case refused(JoinRefusal)

  /// The largest of them, with room: two certificates and the most members that there can be.
  package static let largest = 64 * 1_024
  private static let version: UInt8 = 1

  /// What a new member needs beside the keys that it has.
  package struct Welcome: Hashable, Sendable {
    /// The cluster's id.
    package var cluster: ID
    /// The cluster's epoch: one more than it was recovered.
    package var epoch: Int
    /// The number of the new node.
    package var node: Int
    /// What it shows to its peers, PEM.
    package var peerCertificate: String
    /// What it shows to clients, PEM.
    package var clientCertificate: String
    /// Every member, the new one among them.
    package var members: [Member]
  }

  /// A member as the cluster names it.
  package struct Member: Hashable, Sendable {
    /// Its number.
    package var node: Int
    /// Where its peers reach it: host and port.
    package var peer: String
    /// Where clients reach it: `https://…`.
    package var client: String
  }

  /// What goes over the wire.
  package var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.put(Self.version)
    switch self {
    case .welcome(let welcome):
      writer.put(0 as UInt8)
      writer.put(welcome.cluster)
      writer.put(UInt32(welcome.epoch))
      writer.put(UInt32(welcome.node))
      writer.put(welcome.peerCertificate)
      writer.put(welcome.clientCertificate)
      writer.put(each: welcome.members) { writer, member in
        writer.put(UInt32(member.node))
        writer.put(member.peer)
        writer.put(member.client)
      }
    case .refused(let refusal):
      writer.put(refusal.tag)
      writer.put(refusal.detail)
    }
    return writer.bytes
  }

  /// Reads what came over the wire.
  package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
    /// PEM texts are some kilobytes, and sentences less.
    let longest = 16 * 1_024
    /// More than any cluster has.
    let mostMembers = 64
    var reader = ByteReader(bytes)
    let version = try reader.u8()
    guard version == Self.version else {
      throw .unknown(what: "JoinAnswer", value: UInt64(version))
    }
    switch try reader.u8() {
    case 0:
      self = .welcome(
        Welcome(
          cluster: try reader.id(), epoch: Int(try reader.u32()), node: Int(try reader.u32()),
          peerCertificate: try reader.string(max: longest),
          clientCertificate: try reader.string(max: longest),
          members: try reader.array(max: mostMembers) { reader throws(MalformedBytes) in
            Member(
              node: Int(try reader.u32()), peer: try reader.string(max: longest),
              client: try reader.string(max: longest))
          }))
    case let tag:
      self = .refused(try JoinRefusal(tag: tag, detail: try reader.string(max: longest)))
    }
    try reader.finish()
  }
}

/// Why a new machine is not let in, and what to do.
package enum JoinRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// The request cannot be read.
  case malformed
  /// The token is of another invitation.
  case foreign
  /// Whoever asks does not have the token's secret.
  case notProven
  /// The token's time is over.
  case expired
  /// The token was used or revoked.
  case spent
  /// The cluster could not be asked, and nothing was done.
  case unavailable(String)
  /// The cluster does not take the new member, for this reason.
  case notAdmitted(String)

  package var description: String {
    switch self {
    case .malformed:
      "The other side cannot read the request: are both of the same version of Muster?"
    case .foreign:
      "The token is of another invitation than the one that is open there: use the latest token "
        + "that muster cluster add printed."
    case .notProven: "The token is not whole: copy all of what muster cluster add printed."
    case .expired: "The token is out of its time. Issue another: muster cluster add."
    case .spent: "The token was used already, or revoked. Issue another: muster cluster add."
    case .unavailable(let why):
      "The cluster could not be asked. The token is as good as before: try again. \(why)"
    case .notAdmitted(let why):
      "The cluster did not take the new member, and the token is spent: \(why)"
    }
  }

  fileprivate var tag: UInt8 {
    switch self {
    case .malformed: 1
    case .foreign: 2
    case .notProven: 3
    case .expired: 4
    case .spent: 5
    case .notAdmitted: 6
    case .unavailable: 7
    }
  }

  fileprivate var detail: String {
    switch self {
    case .unavailable(let why), .notAdmitted(let why): why
    case .malformed, .foreign, .notProven, .expired, .spent: ""
    }
  }

  fileprivate init(tag: UInt8, detail: String) throws(MalformedBytes) {
    switch tag {
    case 1: self = .malformed
    case 2: self = .foreign
    case 3: self = .notProven
    case 4: self = .expired
    case 5: self = .spent
    case 6: self = .notAdmitted(detail)
    case 7: self = .unavailable(detail)
    default: throw .unknown(what: "JoinRefusal", value: UInt64(tag))
    }
  }
}
