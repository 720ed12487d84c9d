/// The words around what is told, by priority, audience and language (policy section 7).
///
/// A placeholder such as `{title}` stands for what is known of the incident or said by the author.
package struct CommunicationTemplate: Hashable, Sendable {
  /// What it is for.
  package var key: Key
  /// One more with every change.
  package var version: UInt64
  /// Its words, with placeholders.
  package var text: CommunicationText

  /// What a template is for.
  package struct Key: Hashable, Sendable {
    /// To whom.
    package var audience: CommunicationUpdate.Audience
    /// For incidents of which priority; without one, for those that have no template of their own.
    package var priority: Priority?
    /// In which language, such as `en` or `cy`.
    package var language: String

    /// A key.
    package init(
      audience: CommunicationUpdate.Audience, priority: Priority? = nil, language: String = "en"
    ) {
      self.audience = audience
      self.priority = priority
      self.language = language
    }
  }

  /// What may stand between braces.
  package enum Placeholder: String, CaseIterable, Sendable {
    /// The incident's title.
    case title
    /// INC-….
    case reference
    /// The name of its service.
    case service
    /// "P1".
    case priority
    /// What happened.
    case what
    /// Who is affected.
    case affected
    /// What to do meanwhile.
    case meanwhile
    /// When the next update comes, in words with GMT or BST.
    case next
  }

  /// A template.
  package init(key: Key, version: UInt64, text: CommunicationText) {
    self.key = key
    self.version = version
    self.text = text
  }

  /// The language of the templates that are there from the beginning.
  package static let shippedLanguage = "en"

  /// What holds until somebody changes it; nothing in a language that only the department speaks.
  package static func shipped(_ key: Key) -> CommunicationTemplate? {
    guard key.language == shippedLanguage else { return nil }
    let isUrgent = key.priority?.isHigh ?? true
    return CommunicationTemplate(
      key: key, version: 0, text: shippedText(key.audience, isUrgent: isUrgent))
  }

  private static func shippedText(
    _ audience: CommunicationUpdate.Audience, isUrgent: Bool
  ) -> CommunicationText {
    let next = isUrgent ? "We will update you by {next}." : "Next update: {next}."
    return switch audience {
    case .team:
      CommunicationText(
        subject: "{reference} ({priority}) {title}",
        body: "{what}\n\nAffected: {affected}\nMeanwhile: {meanwhile}\nNext update: {next}")
    case .stakeholders:
      CommunicationText(
        subject: "{service}: {title} ({priority}, {reference})",
        body: "What happened\n{what}\n\nWho is affected\n{affected}\n\n"
          + "What to do meanwhile\n{meanwhile}\n\n\(next)")
    case .allStaff:
      CommunicationText(
        subject: "{title}",
        body: "What happened\n{what}\n\nWho is affected\n{affected}\n\n"
          + "What you can do\n{meanwhile}\n\n\(next) There is no need to report it again.")
    case .statusPage:
      CommunicationText(
        subject: "{service}: {title}",
        body: "{what}\n\nAffected: {affected}\nWhat you can do: {meanwhile}\n\(next)")
    }
  }
}

/// What a template is filled with.
package struct TemplateValues: Hashable, Sendable {
  /// The incident's title.
  package var title: String
  /// INC-….
  package var reference: String
  /// The name of its service, if it is known.
  package var service: String?
  /// Its priority.
  package var priority: Priority
  /// What its author said.
  package var draft: CommunicationDraft

  /// Values.
  package init(
    title: String, reference: String, service: String?, priority: Priority,
    draft: CommunicationDraft
  ) {
    self.title = title
    self.reference = reference
    self.service = service
    self.priority = priority
    self.draft = draft
  }

  func text(for placeholder: CommunicationTemplate.Placeholder) -> String {
    switch placeholder {
    case .title: title
    case .reference: reference
    case .service: service ?? "A service"
    case .priority: "\(priority)"
    case .what: draft.what
    case .affected: draft.affected ?? "Not known yet."
    case .meanwhile: draft.meanwhile ?? "Nothing for now."
    case .next: draft.nextUpdateAt.map { DisplayTime.text($0) } ?? "a time that we will tell"
    }
  }
}

extension CommunicationText {
  /// The first placeholder in it that means nothing, with its braces, if there is one.
  package var unknownPlaceholder: String? {
    for text in [subject, body] {
      for piece in Self.pieces(of: text) {
        if case .placeholder(let name) = piece,
          CommunicationTemplate.Placeholder(rawValue: name) == nil
        {
          return "{\(name)}"
        }
      }
    }
    return nil
  }

  /// It, with each placeholder replaced. What is put in is not looked through again.
  package func filled(with values: TemplateValues) -> CommunicationText {
    func fill(_ text: String) -> String {
      Self.pieces(of: text).map { piece in
        switch piece {
        case .words(let words): words
        case .placeholder(let name):
          CommunicationTemplate.Placeholder(rawValue: name).map(values.text) ?? "{\(name)}"
        }
      }.joined()
    }
    return CommunicationText(subject: fill(subject), body: fill(body))
  }

  private enum Piece {
    case words(String)
    case placeholder(String)
  }

  /// What stands outside of braces and within. A brace that is never closed opens what is no name, for
  /// it begins with that brace.
  private static func pieces(of text: String) -> [Piece] {
    var pieces: [Piece] = []
    var rest = Substring(text)
    while let brace = rest.firstIndex(of: "{") {
      if brace > rest.startIndex { pieces.append(.words(String(rest[..<brace]))) }
      let inside = rest[rest.index(after: brace)...]
      guard let end = inside.firstIndex(of: "}") else {
        pieces.append(.placeholder(String(rest[brace...])))
        return pieces
      }
      pieces.append(.placeholder(String(inside[..<end])))
      rest = inside[inside.index(after: end)...]
    }
    if !rest.isEmpty { pieces.append(.words(String(rest))) }
    return pieces
  }
}

extension Facts {
  /// The template that holds for an incident: of its priority, for any, or the one that is there from
  /// the beginning; nothing if nobody has written one in that language.
  package func template(
    for audience: CommunicationUpdate.Audience, _ priority: Priority, language: String
  ) -> CommunicationTemplate? {
    let own = CommunicationTemplate.Key(
      audience: audience, priority: priority, language: language)
    var any = own
    any.priority = nil
    return template(own) ?? template(any) ?? CommunicationTemplate.shipped(own)
  }

  /// How a draft about an incident reads; nothing if there is no template in its language.
  package func text(of draft: CommunicationDraft, on incident: Incident) -> CommunicationText? {
    let priority = incident.classification.priority
    guard
      let template = template(for: draft.audience, priority, language: draft.language)
    else { return nil }
    let values = TemplateValues(
      title: incident.title, reference: incident.reference.text,
      service: incident.service.flatMap { service($0)?.name } ?? incident.unknownService,
      priority: priority, draft: draft)
    var text = template.text.filled(with: values)
    if let own = draft.text { text.body = own }
    return text.marked(isExercise: incident.isExercise)
  }
}
