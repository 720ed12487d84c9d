import Crypto
import EventLoop
import Incidents
import JSON
import Store

/// `muster audit …`: the record of everything that was done, taken out of the cluster and proved
/// without it.
enum AuditVerbs {
  static let all = [list, export, verify]

  /// Rows of one request: what the interface gives at most.
  private static let page = 200
  /// Bytes of a file that are read at once, and the longest line: a row is of one command at most.
  private static let piece = 1 << 20
  private static let longestLine = 1 << 20

  private static let list = ClientVerb.list(
    "audit list", "List the record, from its first row or behind one, for auditors.",
    options: [
      .value("limit", "N", "How many at once, from 1 to \(page)."),
      .value("after", "POSITION", "The last row that you have."),
    ]
  ) { invocation, client throws(Failure) in
    let reply = try DepartmentVerbs.list("/v1/audit", invocation, &client)
    var table = TextTable("POSITION", "AT", "KIND", "SUBJECT", "PERSON")
    for item in reply.items {
      table.add(
        item["position"]?.integer.map { "\($0)" } ?? "",
        item["sealed"] == nil ? IncidentText.time(item["at"]) : "sealed",
        item["kind"]?.integer.map { "\($0)" } ?? "", item["subject"]?.text ?? "",
        item["person"]?.text ?? "")
    }
    return .init(
      reply: reply, text: table.text(orElse: "No rows.") + IncidentText.more(reply))
  }

  private static let export = Verb(
    "audit export", "Write the whole record to a file, for auditors and administrators.",
    options: [
      .value("to", "FILE", "The file to make; it must not be there yet.", isRequired: true)
    ] + ClientOptions.common, prints: .thing,
    notes: [
      "One line of JSON for each row. A row of an incident that you may not know of is sealed: only "
        + "its hash is there. Check the file anywhere with muster audit verify."
    ]
  ) { invocation throws(Failure) in
    let form = try Form(invocation)
    let path = invocation.required("to")
    guard !Files.exists(path) else {
      throw Failure(
        .refused,
        "\(path) is there already, and nothing was written. Name another file, or move that one away."
      )
    }
    var client = try ClientOptions.client(invocation)
    let (rows, last) = try whole(path) { () throws(Failure) in
      try Progress.during(.init("Exporting the record", unit: "rows")) { reach throws(Failure) in
        try write(to: path, from: &client, reach)
      }
    }
    let hash = last?["hash"]?.text ?? ""
    Terminal.print(
      Output.thing.text(
        of: [
          "file": JSONValue(text: path), "rows": JSONValue(number: rows),
          "position": JSONValue(number: last?["position"]?.integer ?? 0),
          "hash": JSONValue(text: hash),
        ], words: "\(rows) rows in \(path). The last has the hash \(hash).\n", as: form))
    return .done
  }

  /// Does what makes the file at `path`, of which nothing stays if that is interrupted or fails.
  private static func whole<Result>(
    _ path: String, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let remove: @Sendable () -> String = {
      // It may not have been made yet.
      guard (try? Files.remove(path)) != nil else { return "Nothing was written." }
      return "Nothing is left of \(path)."
    }
    do throws(Failure) {
      return try Interruption.bidding(remove, during: body)
    } catch {
      throw Failure(error.code, "\(error.message)\n\(remove())", problem: error.problem)
    }
  }

  /// Writes all rows to a file, a piece at a time.
  ///
  /// - Returns: How many, and the last row, or the ledger's end where there is none.
  private static func write(
    to path: String, from client: inout Client, _ reach: (Int, Int?) -> Void
  ) throws(Failure) -> (rows: Int, last: JSONValue?) {
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
      reach(rows, reply.value["end"]?["position"]?.integer)
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
      return (rows, last)
    }
  }

  private static let verify = Verb(
    "audit verify", "Prove an exported record, without the cluster.",
    arguments: [.init("FILE", "What muster audit export wrote.")],
    options: [
      .value(
        "authority", "FILE",
        "The authority of the cluster's nodes, a PEM file; on a node what \"authority\" names.")
    ], prints: .thing,
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
    let form = try Form(invocation)
    let path = invocation.required("FILE")
    var proof = AuditProof(authority: try authority(invocation["authority"]))
    try Progress.during(.init("Reading the record", unit: "MB")) { reach throws(Failure) in
      try read(path, into: &proof, reach)
    }
    do throws(AuditProof.Fault) {
      try proof.finish()
    } catch {
      try refuse(error)
    }
    Terminal.print(
      Output.thing.text(of: AuditText.facts(proof), words: AuditText.verdict(proof), as: form))
    return .done
  }

  /// Takes all lines of a file.
  private static func read(
    _ path: String, into proof: inout AuditProof, _ reach: (Int, Int?) -> Void
  ) throws(Failure) {
    var number = 0
    var rest: [UInt8] = []
    var offset = 0
    // Where its size cannot be told, reading it says why.
    let total = (try? Files.size(of: path)).map { $0 / 1_000_000 }
    while true {
      let start = offset
      let bytes: [UInt8]
      do throws(FileError) {
        bytes = try Files.read(path, at: start, atMost: piece)
      } catch {
        throw Failure(.usage, "\(error)")
      }
      offset += bytes.count
      reach(offset / 1_000_000, total)
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

  /// What is proved, for a program.
  static func facts(_ proof: borrowing AuditProof) -> JSONValue {
    let heads = proof.heads
    let signers = heads.signers.map { signer -> JSONValue in
      [
        "node": JSONValue(number: Int(signer.node)),
        "fingerprint": JSONValue(text: hex(signer.fingerprint)),
      ]
    }
    return [
      "cluster": JSONValue(text: proof.cluster),
      "rows": JSONValue(number: Int(proof.chain.position)),
      "sealed": JSONValue(number: Int(proof.chain.sealed)),
      "purged": JSONValue(number: Int(proof.chain.purged)),
      "hash": JSONValue(text: proof.hash), "signedHeads": JSONValue(number: Int(heads.count)),
      "signedThrough": JSONValue(number: Int(heads.position)),
      "provedThrough": JSONValue(number: Int(heads.reached)),
      "authorityChecked": JSONValue(.bool(heads.authority != nil)),
      "signers": JSONValue(.array(signers)),
    ]
  }

  /// What is proved, for a person.
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
