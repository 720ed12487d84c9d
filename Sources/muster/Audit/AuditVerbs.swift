import Crypto
import EventLoop
import Incidents
import JSON
import Store

/// `muster audit …`: the record of everything that was done, taken out of the cluster and proved
/// without it.
enum AuditVerbs {
  static let all = [export, verify]

  /// Rows of one request: what the interface gives at most.
  private static let page = 200
  /// Bytes of a file that are read at once, and the longest line: a row is of one command at most.
  private static let piece = 1 << 20
  private static let longestLine = 1 << 20

  private static let export = Verb(
    "audit export", "Write the whole record to a file, for auditors and administrators.",
    options: [
      .value("to", "FILE", "The file to make; it must not be there yet.", isRequired: true)
    ] + ClientOptions.common,
    notes: [
      "One line of JSON for each row. A row of an incident that you may not know of is sealed: only "
        + "its hash is there. Check the file anywhere with muster audit verify."
    ]
  ) { invocation throws(Failure) in
    let path = invocation.required("to")
    guard !Files.exists(path) else {
      throw Failure(.refused, "\(path) is there already. Nothing was written.")
    }
    var client = try ClientOptions.client(invocation)
    var written = 0
    func write(_ lines: [[UInt8]]) throws(Failure) {
      let bytes = lines.flatMap { $0 + [UInt8(ascii: "\n")] }
      do throws(FileError) {
        try Files.write(bytes, at: written, to: path, mode: 0o600)
      } catch {
        throw Failure(.refused, "\(error)")
      }
      written += bytes.count
    }
    var after = "0"
    var rows = 0
    while true {
      let reply = try client.read("/v1/audit?after=\(after)&limit=\(page)")
      if rows == 0, written == 0 {
        try write([AuditLine.heading(cluster: reply.value["cluster"]?.text ?? "")])
      }
      try write(reply.items.map { $0.serialised() })
      rows += reply.items.count
      if let next = reply.value["next"]?.text {
        after = next
        continue
      }
      // The end that the last row stands for; what was added meanwhile is for the next export.
      let last = reply.items.last ?? reply.value["end"]
      try write([
        AuditLine.end(
          position: last?["position"]?.integer ?? 0, hash: last?["hash"]?.text ?? "")
      ])
      Terminal.print(
        "\(rows) rows in \(path). The last has the hash \(last?["hash"]?.text ?? "").\n")
      return .done
    }
  }

  private static let verify = Verb(
    "audit verify", "Prove an exported record, without the cluster.",
    arguments: [.init("FILE", "What muster audit export wrote.")],
    options: [
      .value(
        "authority", "FILE",
        "The authority of the cluster's nodes, a PEM file; on a node what \"authority\" names.")
    ],
    notes: [
      "Checks what every row says against what it was committed to, and each against the one before "
        + "it, and names the first that was changed. Every ten minutes the node that leads signs the "
        + "last row: the signatures are checked too, and with --authority that the cluster's own "
        + "authority issued the certificates of who signed. A sealed row does not show what it "
        + "followed: nothing before it is proved by what is signed after it. That no rows are missing "
        + "after the last signed one only the last hash can show: compare it with one that you have "
        + "from elsewhere."
    ]
  ) { invocation throws(Failure) in
    let path = invocation.required("FILE")
    var proof = AuditProof(authority: try authority(invocation["authority"]))
    var number = 0
    var rest: [UInt8] = []
    var offset = 0
    while true {
      let start = offset
      let bytes: [UInt8]
      do throws(FileError) {
        bytes = try Files.read(path, at: start, atMost: piece)
      } catch {
        throw Failure(.usage, "\(error)")
      }
      offset += bytes.count
      rest += bytes
      var begin = rest.startIndex
      while let end = rest[begin...].firstIndex(of: UInt8(ascii: "\n")) {
        number += 1
        try take(Array(rest[begin..<end]), number, &proof)
        begin = end + 1
      }
      rest.removeFirst(begin)
      guard rest.count <= longestLine else { try refuse(.line(number + 1)) }
      if bytes.isEmpty { break }
    }
    guard rest.isEmpty else { try refuse(.line(number + 1)) }
    do throws(AuditProof.Fault) {
      try proof.finish()
    } catch {
      try refuse(error)
    }
    Terminal.print(AuditText.verdict(proof))
    return .done
  }

  private static func authority(_ path: String?) throws(Failure) -> Certificate? {
    guard let path else { return nil }
    do {
      let bytes = try Files.read(path, atMost: piece)
      return try Certificate(pem: String(decoding: bytes, as: UTF8.self))
    } catch {
      throw Failure(.usage, "--authority: \(error)")
    }
  }

  private static func take(
    _ line: [UInt8], _ number: Int, _ proof: inout AuditProof
  ) throws(Failure) {
    do throws(AuditProof.Fault) {
      try proof.take(line, number: number)
    } catch {
      try refuse(error)
    }
  }

  private static func refuse(_ fault: AuditProof.Fault) throws(Failure) -> Never {
    throw Failure(.refused, "\(fault)")
  }
}

/// A proof in words.
enum AuditText {
  static func hex(_ bytes: [UInt8]) -> String { Hex.encode(bytes) }

  static func verdict(_ proof: borrowing AuditProof) -> String {
    var text = "The \(proof.chain.position) rows of cluster \(proof.cluster ?? "") hold together.\n"
    if proof.chain.sealed > 0 {
      text +=
        "\(proof.chain.sealed) of them are sealed: what they say was not shown to whoever "
        + "exported it, and no row before one is tied to those after it.\n"
    }
    if proof.chain.purged > 0 {
      text +=
        "\(proof.chain.purged) of them were purged: what they said is gone, and the proof "
        + "stays.\n"
    }
    return text + heads(proof) + "The last has the hash \(proof.hash).\n"
  }

  /// What is vouched for, by whom, and what of that is proved.
  private static func heads(_ proof: borrowing AuditProof) -> String {
    let heads = proof.heads
    guard heads.count > 0 else { return "No node has signed any of it.\n" }
    let names = heads.signers.map { "n\($0.node)" }.joined(separator: ", ")
    let later = proof.chain.position - heads.position
    var text =
      "Signed heads: \(heads.count), by \(names). The last, on \(DisplayTime.text(heads.at)), "
      + "vouches for it up to row \(heads.position); nobody does yet for "
      + "\(later == 1 ? "the one row" : "the \(later) rows") after it.\n"
    if heads.reached < heads.position {
      text +=
        "Of those \(heads.position) rows the signatures prove \(heads.reached); the other "
        + "\(heads.position - heads.reached) stand before a sealed row, or are one, and somebody "
        + "could have changed them.\n"
    }
    if heads.authority == nil {
      text += "Who issued their certificates was not checked: give --authority. They are\n"
      for signer in heads.signers { text += "  n\(signer.node)  \(hex(signer.fingerprint))\n" }
    }
    return text
  }
}
