/// The tables of a state file: it begins at behaviour level 1 and is raised from there.
///
/// Each has an INTEGER PRIMARY KEY or is WITHOUT ROWID, so that every replica's rows lie alike. The
/// records' columns beside `body` are projections of it, for lists and keys; an incident that is
/// over leaves the partial indexes.
enum StateSchema {
  /// What raising a file to `level` does to its tables, in the transaction of the entry that raises it;
  /// `nil` if nothing.
  static func migration(to level: UInt8) -> String? { level == 2 ? second : nil }

  /// Signing in, broken glass and signed heads. What signing in needs, all but the person of a credential, is kept
  /// beside the record, and no fold of the ledger: see the domain's `keep`. A credential's binary form has the person behind one byte of
  /// version, sixteen of id and eight of its own version.
  private static let second = """
    CREATE TABLE sign_in (
      person BLOB PRIMARY KEY,
      body BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE tally (
      id BLOB PRIMARY KEY,
      failures INTEGER NOT NULL,
      at INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX tally_at ON tally (at);
    CREATE TABLE alert_storm (
      service BLOB PRIMARY KEY,
      body BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE credential_use (
      credential BLOB PRIMARY KEY,
      at INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE secret (
      id INTEGER PRIMARY KEY CHECK (id = 0),
      body BLOB NOT NULL
    );
    ALTER TABLE credential
      ADD COLUMN person BLOB GENERATED ALWAYS AS (substr(body, 26, 16)) VIRTUAL;
    CREATE INDEX credential_person ON credential (person);
    CREATE TABLE broken_glass (
      id BLOB PRIMARY KEY,
      person BLOB NOT NULL,
      begins INTEGER NOT NULL,
      ends INTEGER NOT NULL,
      incident BLOB,
      body BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX broken_glass_person ON broken_glass (person, ends);
    CREATE TABLE head (
      id INTEGER PRIMARY KEY CHECK (id = 0),
      body BLOB NOT NULL
    );
    CREATE TABLE communication (
      number INTEGER PRIMARY KEY,
      id BLOB NOT NULL UNIQUE,
      incident BLOB NOT NULL,
      body BLOB NOT NULL
    );
    CREATE INDEX communication_incident ON communication (incident);
    CREATE TABLE message (
      number INTEGER PRIMARY KEY,
      id BLOB NOT NULL UNIQUE,
      recipient BLOB NOT NULL,
      incident BLOB,
      at INTEGER NOT NULL,
      body BLOB NOT NULL
    );
    CREATE INDEX message_recipient ON message (recipient);
    CREATE INDEX message_incident ON message (incident) WHERE incident IS NOT NULL;
    CREATE INDEX message_at ON message (at);
    CREATE TABLE notice (
      number INTEGER PRIMARY KEY,
      id BLOB NOT NULL UNIQUE,
      body BLOB NOT NULL
    );
    CREATE TABLE template (
      id BLOB PRIMARY KEY,
      body BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX broken_glass_ends ON broken_glass (ends);
    CREATE INDEX broken_glass_incident ON broken_glass (incident) WHERE incident IS NOT NULL;
    CREATE INDEX alert_group_id ON alert_group (id);
    ALTER TABLE incident ADD COLUMN due_at INTEGER;
    CREATE INDEX incident_due ON incident (due_at) WHERE due_at IS NOT NULL;
    CREATE TABLE purged (
      number INTEGER PRIMARY KEY,
      id BLOB NOT NULL UNIQUE,
      at INTEGER NOT NULL
    );
    CREATE TABLE saved_view (
      id BLOB PRIMARY KEY,
      owner BLOB NOT NULL,
      body BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX saved_view_owner ON saved_view (owner);
    CREATE TABLE live_incident (
      number INTEGER PRIMARY KEY,
      status INTEGER NOT NULL,
      priority INTEGER NOT NULL,
      service BLOB,
      team BLOB NOT NULL,
      due INTEGER,
      marks INTEGER NOT NULL,
      major_lead BLOB
    );
    CREATE INDEX live_incident_major_lead ON live_incident (major_lead)
     WHERE major_lead IS NOT NULL;
    DROP INDEX incident_open_service;
    CREATE TABLE service_policy (
      service BLOB NOT NULL,
      version INTEGER NOT NULL,
      body BLOB NOT NULL,
      PRIMARY KEY (service, version)
    ) WITHOUT ROWID;
    CREATE TABLE service_arrangement (
      service BLOB PRIMARY KEY,
      body BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE incident_timer (
      incident BLOB PRIMARY KEY,
      at INTEGER,
      epoch INTEGER
    ) WITHOUT ROWID;
    CREATE INDEX incident_timer_at ON incident_timer (at) WHERE at IS NOT NULL;
    CREATE INDEX incident_timer_epoch ON incident_timer (epoch) WHERE epoch IS NOT NULL;
    CREATE TABLE policy_terms (
      version INTEGER PRIMARY KEY,
      body BLOB NOT NULL
    );
    CREATE TABLE calendar (
      key TEXT PRIMARY KEY,
      body BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE owed_report (
      incident BLOB NOT NULL,
      version INTEGER NOT NULL,
      PRIMARY KEY (incident, version)
    ) WITHOUT ROWID;
    CREATE TABLE webhook (
      id BLOB PRIMARY KEY,
      body BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE delivery (
      number INTEGER PRIMARY KEY,
      id BLOB NOT NULL UNIQUE,
      webhook BLOB NOT NULL,
      incident BLOB,
      rank INTEGER NOT NULL,
      due INTEGER,
      ended INTEGER,
      body BLOB NOT NULL
    );
    CREATE INDEX delivery_webhook ON delivery (webhook, number);
    CREATE INDEX delivery_due ON delivery (webhook, rank, due) WHERE due IS NOT NULL;
    CREATE INDEX delivery_ended ON delivery (ended) WHERE ended IS NOT NULL;
    CREATE INDEX delivery_incident ON delivery (incident) WHERE incident IS NOT NULL;
    """

  /// Makes the tables of an empty file.
  static let script = """
    CREATE TABLE meta (
      id INTEGER PRIMARY KEY CHECK (id = 0),
      cluster BLOB NOT NULL,
      level INTEGER NOT NULL,
      applied INTEGER NOT NULL,
      term INTEGER NOT NULL,
      stamp INTEGER NOT NULL,
      digest BLOB NOT NULL,
      position INTEGER NOT NULL,
      hash BLOB NOT NULL,
      configuration_index INTEGER NOT NULL,
      configuration BLOB NOT NULL
    );
    CREATE TABLE digest (
      idx INTEGER PRIMARY KEY,
      term INTEGER NOT NULL,
      digest BLOB NOT NULL
    );

    CREATE TABLE event (
      position INTEGER PRIMARY KEY,
      idx INTEGER NOT NULL,
      kind INTEGER NOT NULL,
      subject_kind INTEGER NOT NULL,
      subject BLOB NOT NULL,
      actor BLOB,
      on_behalf_of BLOB,
      credential BLOB,
      stamp INTEGER NOT NULL,
      happened_at INTEGER,
      visibility INTEGER NOT NULL,
      exercise INTEGER NOT NULL,
      policy_version INTEGER NOT NULL,
      commitment BLOB NOT NULL,
      hash BLOB NOT NULL
    );
    CREATE INDEX event_subject ON event (subject);
    CREATE TABLE event_body (
      position INTEGER PRIMARY KEY,
      salt BLOB NOT NULL,
      body BLOB NOT NULL
    );

    CREATE TABLE outcome (
      day INTEGER NOT NULL,
      person BLOB NOT NULL,
      key TEXT NOT NULL,
      request BLOB NOT NULL,
      idx INTEGER NOT NULL,
      term INTEGER NOT NULL,
      outcome BLOB NOT NULL,
      PRIMARY KEY (day, person, key)
    ) WITHOUT ROWID;

    \(records)
    """

  /// The tables that are a fold of the ledger.
  private static let records = """
    CREATE TABLE incident (
      number INTEGER PRIMARY KEY,
      id BLOB NOT NULL,
      reference TEXT NOT NULL,
      external_reference TEXT,
      status INTEGER NOT NULL,
      priority INTEGER NOT NULL,
      service BLOB,
      team BLOB NOT NULL,
      untouched_since INTEGER,
      body BLOB NOT NULL
    );
    CREATE INDEX incident_untouched ON incident (untouched_since)
     WHERE untouched_since IS NOT NULL;
    CREATE INDEX incident_reference ON incident (reference);
    CREATE INDEX incident_external_reference ON incident (external_reference)
     WHERE external_reference IS NOT NULL;
    CREATE INDEX incident_open_service ON incident (service)
     WHERE service IS NOT NULL AND status < 5;
    CREATE TABLE person (
      id BLOB PRIMARY KEY,
      email TEXT NOT NULL UNIQUE,
      has_left INTEGER,
      body BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX person_left ON person (has_left) WHERE has_left IS NOT NULL;
    CREATE TABLE team_of_incident (
      person BLOB NOT NULL,
      incident BLOB NOT NULL,
      PRIMARY KEY (person, incident)
    ) WITHOUT ROWID;
    CREATE TABLE team (
      id BLOB PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      body BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE service (
      id BLOB PRIMARY KEY,
      key TEXT NOT NULL UNIQUE,
      body BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE credential (
      id BLOB PRIMARY KEY,
      hash BLOB NOT NULL UNIQUE,
      body BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE shift (
      id BLOB PRIMARY KEY,
      service BLOB NOT NULL,
      role INTEGER NOT NULL,
      starts INTEGER NOT NULL,
      ends INTEGER NOT NULL,
      body BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX shift_service ON shift (service, role, starts, id, ends);
    CREATE TABLE alert_group (
      number INTEGER PRIMARY KEY,
      key BLOB NOT NULL UNIQUE,
      id BLOB NOT NULL,
      incident BLOB NOT NULL,
      body BLOB NOT NULL
    );
    CREATE TABLE settings (
      id INTEGER PRIMARY KEY CHECK (id = 0),
      body BLOB NOT NULL
    );
    """

  /// A table as two folds of the ledger have it alike.
  typealias Comparison = (name: String, columns: String, order: String)

  /// The record tables and the order of their rows, for comparing two folds.
  ///
  /// - Parameter level: The behaviour level in force.
  static func recordTables(at level: UInt8) -> [Comparison] {
    firstTables
      + (level >= 2
        ? [
          ("broken_glass", "*", "id"), ("head", "*", "id"), ("purged", "*", "number"),
          ("service_arrangement", "*", "service"), ("owed_report", "*", "incident, version"),
          // Numbers say when a row came, beside others that are gone: only their order is looked at.
          ("communication", "id, incident, body", "id"),
          ("message", "id, recipient, incident, at, body", "id"), ("template", "*", "id"),
          ("notice", "id, body", "id"),
          ("service_policy", "*", "service, version"), ("policy_terms", "*", "version"),
          ("calendar", "*", "key"),
          ("incident_timer", "*", "incident"),
          ("saved_view", "*", "id"), ("live_incident", "*", "number"), ("webhook", "*", "id"),
          ("delivery", "id, webhook, incident, rank, due, ended, body", "id"),
        ] : [])
  }

  private static let firstTables: [Comparison] = [
    ("incident", "*", "number"), ("team_of_incident", "*", "person, incident"),
    ("person", "*", "id"), ("team", "*", "id"), ("service", "*", "id"), ("credential", "*", "id"),
    ("shift", "*", "id"),
    // The number says when a group came, which of one that outlived a purged incident nobody knows.
    ("alert_group", "key, id, incident, body", "id"), ("settings", "*", "id"),
  ]
}
