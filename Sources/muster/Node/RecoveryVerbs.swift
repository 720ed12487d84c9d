import JSON
import Raft
import Store

/// What is done to stopped nodes when most of a cluster is lost for good.
enum RecoveryVerbs {
  static let all = [survivors, recover]

  /// Folders that one call compares: more than any cluster has members.
  private static let mostFolders = Configuration.mostMembers

  private static let survivors = Verb(
    "cluster survivors", "Compare the data folders of stopped nodes, the best survivor first.",
    options: [
      .value(
        "folder", "FOLDER", "The data folder of a stopped node.", repeats: true, isRequired: true)
    ], prints: .list(of: "survivors"),
    notes: [
      "The first one listed holds every acknowledged write that any of them holds. Nothing is "
        + "changed. Copy the folders of other machines here first, whole."
    ]
  ) { invocation throws(Failure) in
    let form = try Form(invocation)
    let folders = invocation.all("folder")
    guard folders.count <= mostFolders else {
      throw .usage("At most \(mostFolders) folders are compared at once.")
    }
    var found: [(folder: String, survivor: Survivor)] = []
    for folder in folders { found.append((folder, try read(folder))) }
    guard Set(found.map(\.survivor.cluster)).count == 1 else {
      throw Failure(
        .refused, "These folders are not of one cluster: compare those of one at a time.")
    }
    // An earlier epoch was left behind by a recovery, whatever its log says.
    found.sort { left, right in
      (right.survivor.epoch, right.survivor.last) < (left.survivor.epoch, left.survivor.last)
    }
    var table = TextTable("NODE", "EPOCH", "LAST TERM", "LAST INDEX", "APPLIED", "FOLDER")
    for (folder, survivor) in found {
      table.add(
        "\(survivor.node)", "\(survivor.epoch)", "\(survivor.last.term.rawValue)",
        "\(survivor.last.index.rawValue)", "\(survivor.applied.index.rawValue)", folder)
    }
    let rows = found.map { folder, survivor -> JSONValue in
      [
        "node": JSONValue(text: "\(survivor.node)"),
        "epoch": JSONValue(number: Int(survivor.epoch)),
        "lastTerm": JSONValue(number: Int(survivor.last.term.rawValue)),
        "lastIndex": JSONValue(number: Int(survivor.last.index.rawValue)),
        "applied": JSONValue(number: Int(survivor.applied.index.rawValue)),
        "folder": JSONValue(text: folder),
      ]
    }
    Terminal.print(
      Output.list(of: "survivors").text(
        of: ["survivors": JSONValue(.array(rows))], words: table.text(orElse: ""), as: form))
    return .done
  }

  private static let recover = Verb(
    "cluster recover", "Make a stopped node the only member of its cluster, when most are lost.",
    arguments: [.init("FOLDER", "Its data folder.")],
    options: [Consent.yes],
    notes: [
      "Only when a majority is lost for good: what the lost nodes alone held is gone with them, and "
        + "they can never come back with their old files. Compare all that is left first, with "
        + "muster cluster survivors, and take the best one.",
      "Afterwards start the node, and add others with empty data folders.",
    ]
  ) { invocation throws(Failure) in
    let folder = invocation.required("FOLDER")
    let before = try read(folder)
    let others = before.configuration.members.map(\.id).filter { $0 != before.node }
    let sentence =
      "\(before.node) becomes the only member of \(before.cluster), in epoch \(before.epoch + 1), "
      + "with the log that it has through index \(before.last.index.rawValue). "
      + (others.isEmpty
        ? ""
        : "\(others.map(\.description).joined(separator: ", ")) can never come back with their files.")
    try Consent.obtain(sentence, invocation)
    do throws(StoreError) {
      let after = try Survivor.recover(folder: folder)
      Terminal.print(
        "Done: \(after.node) is alone in epoch \(after.epoch). Start it, then add others. Where their "
          + "files are made by hand, node.json says \"epoch\": \(after.epoch).\n")
    } catch {
      throw Failure(.refused, "\(folder): \(error)")
    }
    return .done
  }

  private static func read(_ folder: String) throws(Failure) -> Survivor {
    do throws(StoreError) {
      return try Survivor(folder: folder)
    } catch {
      throw Failure(.refused, "\(folder): \(error)")
    }
  }
}
