package flags

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/alecthomas/kingpin/v2"
)

// explain turns an error of kingpin into a line that says what to do.
func explain(err error, app *kingpin.Application, args []string) error {
	text := err.Error()
	if _, flag, ok := strings.Cut(text, "unknown long flag '--"); ok {
		return unknownFlag(strings.TrimSuffix(flag, "'"), app.Model().Flags)
	}
	if strings.HasPrefix(text, "unexpected ") { // it quotes an argument, which may be a token
		return unexpected(app, args)
	}
	context, _ := app.ParseContext(args)
	for _, element := range context.Elements { // errors of values do not contain the flag
		if flag, ok := element.Clause.(*kingpin.FlagClause); ok && flag.Model().Value.Set(*element.Value) != nil {
			return fmt.Errorf("--%s: %w", flag.Model().Name, err)
		}
	}
	return err
}

func unknownFlag(name string, flags []*kingpin.FlagModel) error {
	nearest := slices.MinFunc(flags, func(a, b *kingpin.FlagModel) int {
		return levenshtein.ComputeDistance(name, a.Name) - levenshtein.ComputeDistance(name, b.Name)
	})
	if levenshtein.ComputeDistance(name, nearest.Name) > len(name)/3+1 {
		return fmt.Errorf("unknown flag --%s: see --help", name)
	}
	return fmt.Errorf("unknown flag --%s: did you mean --%s? See --help", name, nearest.Name)
}

func unexpected(app *kingpin.Application, args []string) error {
	for _, arg := range args {
		name, _, hasValue := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(arg, "--"), "no-"), "=")
		if flag := app.GetFlag(name); hasValue && flag != nil && flag.Model().IsBoolFlag() {
			return fmt.Errorf("--%[1]s does not take this value: use --%[1]s or --no-%[1]s, or see --help", name)
		}
	}
	return errors.New("unexpected argument that is not a flag: see --help")
}
