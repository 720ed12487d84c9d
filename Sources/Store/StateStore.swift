
package struct StateStore: ~Copyable {
  package static func fileName(generation: UInt64) -> String { "state-\(generation).db" }
}
