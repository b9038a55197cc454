// Package store keeps the rows of whenwhere: media, incidents, what was measured, what was judged, and which work is
// open. The bytes of media are in package blob. Reads are methods of Store; writes are methods of Tx, inside Update.
//
// # What it holds
//
// Times are microseconds since 1970 in UTC, JSON is text, ids and hashes are the 32 bytes of a SHA-256.
//
//	media           id, size_bytes, given_name, received_at
//	                one row per file content; the first name and time that it came with stay
//	incident        id, record (JSON of pipeline.Incident), record_sha256, case_name, updated_at
//	                the record as last read; saving again replaces it
//	incident_media  incident, ord, file, media or missing
//	                one row per entry of the record's media list, in its order; a file that could not be
//	                received has no media and says in missing why
//	stage_result    media, stage, version, status, cause, retry
//	                one row per (media, stage, version), never changed, except that a failure which another
//	                try may mend (retry) gives way to the next result
//	observation     media, stage, version, key, body (JSON)
//	                what a stage that is done measured; written with its stage_result, in one transaction
//	known           media, url, list, negative, first_seen, event
//	                footage known from elsewhere; one row per (media, url, list). list is empty for one's own
//	                knowledge. first_seen is null when nobody knows. negative rows are of logos, title cards and
//	                stock clips. The media need not be in table media
//	listed_print    media, list, ord, at_ms, view, quality, pdq
//	                what lists made by others say that known footage looks like
//	catalogue       num, part, media, made
//	                each file with prints has a number, in the order in which they came, for whoever keeps an
//	                index of prints beside the database; made says by what they were made
//	sighting        incident, media
//	                what the latest verdict of an incident met in the catalogue
//	changed         media
//	                files that are new, or known otherwise than before, whose incidents are not all judged again
//	case_control    case_name, path, sha256
//	                the control maps of a case; their bytes are with the originals
//	control_map     provider, as_of, until, known_at, known_how, format, file, sha256, asked, adapter, held_km2,
//	                licence, flags, accepted, imported_at
//	                the imported control maps, one row per (provider, as_of); their bytes are with the
//	                originals. asked (JSON) is what the reader was told, adapter the reader's version;
//	                accepted says that a person looked at it
//	control_changed provider, as_of
//	                imported maps that are new, accepted or gone, until all incidents are judged again
//	verdict         incident, input_sha256, seq, incomplete, verdict, findings, stages (JSON), at
//	                one row per (incident, input); the highest seq of an incident is its verdict, the others
//	                are its history
//	decision        incident, seq, ruling, person, reason, digest, machine, at
//	                what people decided, never changed. digest is of what was decided on: SHA-256 of the SHA-256
//	                of the incident's record, of input_sha256 and of the verdict's JSON; machine is its status
//	link            kind, a, b, seq, word, person, reason, at
//	                what people said of pairs: of two incidents (kind incident) that they are one (joined) or two
//	                (apart), of a statement and an incident that it speaks of it or not; open takes the last
//	                word back. The highest seq of a pair holds, the others are history
//	judged          incident, seq, input_sha256, record_sha256, gave_way, at
//	                each time that a verdict became the latest, with the record of then (null before there were
//	                decisions); gave_way says that the verdict was incomplete and is not kept any more
//	rule_table      name, body (JSON)
//	                the rules that verdicts name, so that each can be made again
//	replay          incident, num, input_sha256, known_by, verdict, findings, stages (JSON), at
//	                verdicts by what could be known at a time, kept to be compared; they never become the
//	                incident's verdict
//	statement       id, record (JSON of pipeline.Statement)
//	                public calls; what each makes of its media is a row of table incident, of the kind statement
//	log_head        size, adopted
//	                one row: how many leaves the log has, and that what was there before it has leaves
//	log_leaf        seq, subject, leaf
//	                the log (see package audit): leaf is the exact bytes, subject what it is about. Written by the
//	                last statements of the transaction that wrote the result; never changed
//	log_hash        idx, hash
//	                the nodes of the tree over the leaves, as package tlog counts them
//	log_salt        kind, name, salt
//	                what turns names and results into digests. To erase what leaves say of somebody, delete the row
//	log_checkpoint  size, note, token
//	                signed states of the log, with the time stamp that an authority gave for some
//	batch           id, key, media_total, remaining, incident_total, assess_remaining, failed, created_at
//	                work that was asked for at once; remaining counts media, assess_remaining incidents. At most
//	                one batch of a key (what was asked for) is open
//	batch_media     batch, media, state, cause, crashes
//	batch_incident  batch, incident, state, cause, crashes
//	                state is pending, done or failed; remaining is the number of pending rows
//	river_*         the job queue's own tables: neither results nor history
//
// # What it promises
//
//   - Same input, same verdict: SaveVerdict refuses other bytes for an input that has a complete verdict.
//   - Saving the same thing twice changes nothing.
//   - Whatever is saved, changed or removed has a leaf in the log, in the same transaction; what is not kept has none.
//   - A Case, and each list, is read from one state of the database.
//   - Nothing deletes media, results, observations or verdicts, except that an incomplete verdict gives way to the
//     next one of the same input. What is known, and imported control maps, can be forgotten (RemoveKnown,
//     RemoveControlMap).
//   - Each time that a verdict became the latest stays in the history, in order.
//   - What changes the catalogue is marked as changed in the same transaction, and stays marked until Settle.
//
// The schema is made by the package of the database, store/sqlite, which also opens it. The SQL here is one text for
// SQLite and Postgres; storetest is the conformance suite that each must pass.
package store
