package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// tamper changes the database of the data folder behind the program's back: sql STATEMENTS.
func tamper(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(execute(filepath.Join(ts.Getenv("WHENWHERE_DATA"), databaseFile), args[0]))
}

func execute(file, statements string) error {
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec(statements)
	return err
}

// flip changes one bit of a file: flip PATTERN OFFSET, which counts from the end when it is below 0.
func flip(ts *testscript.TestScript, _ bool, args []string) {
	found, err := filepath.Glob(ts.MkAbs(args[0]))
	ts.Check(err)
	if len(found) != 1 {
		ts.Fatalf("%s: %d files", args[0], len(found))
	}
	at, err := strconv.Atoi(args[1])
	ts.Check(err)
	ts.Check(flipByte(found[0], at))
}

func flipByte(file string, at int) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if at < 0 {
		at += len(data)
	}
	data[at] ^= 1
	if err := os.Chmod(file, 0o600); err != nil { // originals are read-only
		return err
	}
	return os.WriteFile(file, data, 0o600)
}
