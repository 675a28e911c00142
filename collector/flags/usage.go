package flags

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/alecthomas/kingpin/v2"
)

// explain turns an error of kingpin into a line that says what to do. It quotes no values.
func explain(err error, app *kingpin.Application, args []string) error {
	text := err.Error()
	if _, flag, ok := strings.Cut(text, "unknown long flag '--"); ok {
		return unknownFlag(strings.TrimSuffix(flag, "'"), app.Model().Flags)
	}
	if strings.HasPrefix(text, "unknown short flag ") {
		return errors.New("flags begin with --: see --help")
	}
	if flag, ok := strings.CutPrefix(text, "expected argument for flag "); ok {
		return fmt.Errorf("%s needs a value: see --help", strings.Trim(flag, "'"))
	}
	if !strings.HasPrefix(text, "unexpected ") {
		return err
	}
	for _, flag := range app.Model().Flags {
		if flag.IsBoolFlag() && slices.ContainsFunc(args, func(arg string) bool {
			return strings.HasPrefix(arg, "--"+flag.Name+"=") || strings.HasPrefix(arg, "--no-"+flag.Name+"=")
		}) {
			return fmt.Errorf("--%[1]s takes no value: use --%[1]s or --no-%[1]s", flag.Name)
		}
	}
	return errors.New("unexpected argument that is not a flag: see --help")
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
