/// What guidance 1 wants in every service's manual.
package enum ReportingRequirements {
  /// The paragraph to put into a manual, as Markdown.
  package static let paragraph = """
    ## Reporting cyber security incidents and data breaches

    A technical incident may also be a cyber security or a data loss incident. The separate, formal process
    must then be followed as well, whatever else is being done:

    - Cyber security incidents: report immediately to the \(Flag.cyber.team).
    - Data breaches: report immediately to the \(Flag.data.team).

    In Muster, set the flag on the incident (muster incident flag INC-… cyber, or data): it then shows whom to
    tell, and the report is recorded there.

    """
}
