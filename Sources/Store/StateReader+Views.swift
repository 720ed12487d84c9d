package import Bytes
package import Incidents
internal import SQLite

// Saved views, which a state file has from behaviour level 2 on.
extension StateReader {
  /// The saved view of this id.
  package func view(_ id: ID) -> SavedView? {
    savedViews("SELECT body FROM saved_view WHERE id = \(id)").first
  }

  /// The saved views of a person or a team, in the order of their ids.
  package func views(of owner: SavedView.Owner) -> [SavedView] {
    savedViews("SELECT body FROM saved_view WHERE owner = \(owner.id) ORDER BY id")
  }

  private func savedViews(_ query: SQL) -> [SavedView] {
    guard level >= 2, failure == nil else { return [] }
    do throws(StoreError) {
      let bodies = try storing { () throws(SQLiteError) in
        try database.rows(query) { row throws(SQLiteError) in try row.next() as [UInt8] }
      }
      var views: [SavedView] = []
      for body in bodies { views.append(try record(body, SavedView.init(decoding:))) }
      return views
    } catch {
      failure = error
      return []
    }
  }
}

/// As they are written. They change seldom and are not kept in memory.
extension RecordTables {
  func view(_ id: ID) -> SavedView? { stored.view(id) }

  func views(of owner: SavedView.Owner) -> [SavedView] { stored.views(of: owner) }

  func put(_ view: SavedView) {
    let body = view.encoded()
    write(body) { () throws(SQLiteError) in
      try stored.database.run(
        "INSERT INTO saved_view(id, owner, body) VALUES (\(view.id), \(view.owner.id), \(body))")
    }
  }

  func forget(view: ID) {
    write(view.bytes) { () throws(SQLiteError) in
      try stored.database.run("DELETE FROM saved_view WHERE id = \(view)")
    }
  }
}
