import FuzzSubjects
import Glibc

/// What the bytes are given to, by the name in `MUSTER_FUZZ`.
let subject: FuzzSubject = {
  guard let name = getenv("MUSTER_FUZZ"), let subject = FuzzSubject(rawValue: String(cString: name))
  else { fatalError("MUSTER_FUZZ names no subject.") }
  return subject
}()
