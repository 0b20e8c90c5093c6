package main

import (
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
)

// failure is how the protocol of agents tells of an error.
type failure struct {
	Name    string `json:"name"`
	Code    *int16 `json:"code"`
	Message string `json:"message"`
}

// describe names an error in the protocol's words where the broker said so, else by its type.
func describe(err error) failure {
	if answer, ok := errors.AsType[*kerr.Error](err); ok {
		return failure{Name: answer.Message, Code: &answer.Code, Message: err.Error()}
	}
	innermost := err
	for next := errors.Unwrap(innermost); next != nil; next = errors.Unwrap(innermost) {
		innermost = next
	}
	return failure{Name: fmt.Sprintf("%T", innermost), Message: err.Error()}
}

// refused is the error for a code in an answer, with the broker's words; nil for none.
func refused(code error, message string) error {
	if code == nil || message == "" {
		return code
	}
	return fmt.Errorf("%w (%s)", code, message)
}
