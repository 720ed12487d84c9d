import Testing

/// What every story of real processes begins and ends with.
extension RealCluster {
  /// Runs a story, and leaves no process and no file behind whatever came of it.
  func told(_ story: () throws -> Void) throws {
    // What is left lies in /tmp.
    defer { try? remove() }
    try story()
  }

  /// Compares what writers were told with what each of `nodes` has.
  func compare(
    _ told: Load.Told, of load: Load, on nodes: [Int] = RealCluster.nodes
  ) throws {
    #expect(told.strange.isEmpty)
    let whole = Set(told.acknowledged.map(load.reference))
    let absent = Set(told.refused.map(load.reference))
    let open = Set(told.unknown.map(load.reference))
    var first: [String]?
    for node in nodes {
      let found = try incidents(load.prefix, on: node)
      let references = found.map(\.reference)
      #expect(Set(references).count == references.count, "Nothing is there twice.")
      #expect(whole.subtracting(references).isEmpty, "Nothing acknowledged is lost on \(node).")
      #expect(absent.isDisjoint(with: references), "Nothing refused left a trace on \(node).")
      #expect(Set(references).subtracting(whole).isSubset(of: open), "\(node) has no others.")
      for (reference, text) in found {
        let number = try #require(Int(reference.dropFirst(load.prefix.count + 1)))
        #expect(text == load.text(number))
      }
      if let first { #expect(first == references, "The nodes agree on the order.") }
      first = references
    }
  }
}
