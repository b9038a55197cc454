// Package queue does the work: it measures the media of a batch, then judges its incidents, on as many workers as it is
// given, and survives being killed at any moment. It decides when and how often something runs, and owns the transactions
// that keep the outcome; what is run is the Work that it is handed.
//
//	Enqueue ──► extract(media) ... extract(media) ──► last one of the batch ──► assess(incident) ... ──► drained
//
// All media of a batch are measured before its first incident is judged, because footage is compared across incidents.
//
// # What it promises
//
//   - Work is open as long as store's table batch says so. Enqueue writes it down in one transaction; a batch that was
//     interrupted is found again by the same Enqueue, and any Run goes on with everything that is open.
//   - The result of each stage is kept in one short transaction. The last one of a file, the count of the batch, the jobs
//     that follow and the end of the job are one transaction; so are a verdict and the end of its job. No transaction is
//     open while media are worked on.
//   - A killed process loses at most the stage in hand. Results are unique by (media, stage, version); working twice
//     changes nothing, and each item counts once.
//   - A failure is tried again after a pause, Attempts times in all, unless it is pipeline.Permanent. Then it ends as
//     Failed results with the cause, and the batch goes on. A panic is a failure.
//   - Work that was under way when the process died is done again alone, one item at a time, before anything else. An
//     item that kills the process while it runs alone, and has seen it die Crashes times, ends as failed.
//   - When the context of Run ends, no new work is begun; what is under way has SoftStop to end, is cancelled then, and
//     is left to the next Run without a count against it.
//
// One process at a time may Run on a database: an exclusive lock, given back by the system when the process dies, makes
// sure of it. Enqueue may be called by any.
//
// The jobs are River's, in the same database. They are neither results nor history: what is written here is judged by
// the tables of package store alone, and Run makes jobs again that are missing.
package queue
