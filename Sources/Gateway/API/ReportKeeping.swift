import Bytes
import Crypto
package import Incidents
package import Store

/// Keeps the report of each finished review, byte for byte.
///
/// Whoever leads writes it once, as of the row by which the review was finished, and every node keeps the
/// same bytes. To write it on each node as the review is applied would need every node, of whatever version,
/// to write alike for ever; and whoever verifies the ledger later, too.
package enum ReportKeeping {
  /// What keeps the next report that is due, if one is.
  package static func due(from reader: StateReader) throws(StoreError) -> Action? {
    guard let owed = try reader.owedReport(),
      let incident = reader.incident(owed.incident, asOf: owed.review.position)
    else { return nil }
    let timeline = try reader.reportedTimeline(
      of: owed.incident, within: ReportBounds(), upTo: owed.review.position)
    // What is kept is shown to others later, who may not know of what is restricted.
    let names = NameBook(reader) { incident in !incident.isRestricted }
    var whole = IncidentReport(
      incident, timeline: timeline.entries, names: names.names, at: owed.review.stamp,
      asOf: owed.review.position, template: reader.settings()?.reportTemplate ?? .standard,
      contacts: names.contacts)
    if let banner = timeline.banner(of: incident) { whole.banners.append(banner) }
    let name = KeptReport.Name.reviewed(owed.version)
    let report = whole.fitted { $0.written(as: .json, version: name).count <= Bound.report }
    let bytes = report.written(as: .json, version: name)
    let kept = KeptReport(
      name: name, format: .json, asOf: owed.review.position, hash: SHA256.hash(bytes),
      size: UInt32(bytes.count))
    return .keepReport(owed.incident, WrittenReport(report: kept, bytes: bytes))
  }
}
