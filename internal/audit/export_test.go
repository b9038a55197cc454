package audit

// WriteArchive is for forgers who know the form.
var WriteArchive = writeArchive
