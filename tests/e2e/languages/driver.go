// Runs the example's program inline and prints what it deployed: there may be no Go language host to run it for us.
package main

import (
	"context"
	"encoding/json"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
)

func init() {
	if err := drive(context.Background()); err != nil {
		os.Stderr.WriteString(err.Error())
		os.Exit(1)
	}
	os.Exit(0)
}

func drive(ctx context.Context) error {
	stack, err := auto.UpsertStackInlineSource(ctx, "dev", "go-project", program)
	if err != nil {
		return err
	}
	var config map[string]auto.ConfigValue
	if err := json.Unmarshal([]byte(os.Getenv("CONFIG")), &config); err != nil {
		return err
	}
	if err := stack.SetAllConfig(ctx, config); err != nil {
		return err
	}
	up, err := stack.Up(ctx)
	if err != nil {
		return err
	}
	again, err := stack.Preview(ctx)
	if err != nil {
		return err
	}
	outputs := map[string]any{}
	for name, output := range up.Outputs {
		outputs[name] = map[string]any{"value": output.Value, "secret": output.Secret}
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"outputs": outputs, "again": again.ChangeSummary})
}
