// Command sdkgen writes the SDKs of a Pulumi package from its schema: Node.js, Go and Python.
//
// `pulumi package gen-sdk` needs the language hosts of a full Pulumi installation; the generators are ordinary packages
// of the engine's module, so this does the same where only the engine could be built.
//
//	go run ./sdkgen schema.json out
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/blang/semver"
	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	nodegen "github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	pygen "github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

const tool = "sdkgen"

// noPackages is the loader of a schema that refers to no other package.
type noPackages struct{}

var errNoPackages = errors.New("the schema refers to another package, which this command cannot load")

func (noPackages) LoadPackage(string, *semver.Version) (*schema.Package, error) {
	return nil, errNoPackages
}

func (noPackages) LoadPackageV2(context.Context, *schema.PackageDescriptor) (*schema.Package, error) {
	return nil, errNoPackages
}

func (noPackages) LoadPackageReference(string, *semver.Version) (schema.PackageReference, error) {
	return nil, errNoPackages
}

func (noPackages) LoadPackageReferenceV2(context.Context, *schema.PackageDescriptor) (schema.PackageReference, error) {
	return nil, errNoPackages
}

func main() {
	if len(os.Args) != 3 {
		fail("usage: sdkgen <schema.json> <folder>")
	}
	if err := generate(os.Args[1], os.Args[2]); err != nil {
		fail(err.Error())
	}
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, "sdkgen: "+message)
	os.Exit(1)
}

func generate(file, out string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	languages := map[string]func(*schema.Package) (map[string][]byte, error){
		"nodejs": func(pkg *schema.Package) (map[string][]byte, error) {
			return nodegen.GeneratePackage(tool, pkg, nil, nil, false, noPackages{})
		},
		"go": func(pkg *schema.Package) (map[string][]byte, error) {
			return gogen.GeneratePackage(tool, pkg, nil)
		},
		"python": func(pkg *schema.Package) (map[string][]byte, error) {
			return pygen.GeneratePackage(tool, pkg, nil, noPackages{})
		},
	}
	for name, language := range languages {
		pkg, err := bind(text)
		if err != nil {
			return err
		}
		files, err := language(pkg)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		for path, content := range files {
			if err := write(filepath.Join(out, name, path), content); err != nil {
				return err
			}
		}
	}
	return nil
}

func bind(text []byte) (*schema.Package, error) {
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, err
	}
	pkg, diagnostics, err := schema.BindSpec(spec, noPackages{}, schema.ValidationOptions{})
	if err != nil {
		return nil, err
	}
	if diagnostics.HasErrors() {
		return nil, diagnostics
	}
	return pkg, nil
}

func write(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o644)
}
