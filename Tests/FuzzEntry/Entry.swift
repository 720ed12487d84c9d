import FuzzSubjects

/// One input of libFuzzer, whose own `main` the linker adds.
@_cdecl("LLVMFuzzerTestOneInput")
public func takeOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  subject.take(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
