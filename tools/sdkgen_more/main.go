// Command sdkgen_more writes the .NET and Java SDKs of a Pulumi package from its schema.
//
// It is a module of its own: these two generators left the engine's module, and what is published of them as a module
// needs an older engine than tools/go.mod pins.
//
//	go run . schema.json out
package main

import (
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"net"
	"net/http"
	"os"
	"path/filepath"

	javagen "github.com/pulumi/pulumi-java/pkg/codegen/java"
	dotnetgen "github.com/pulumi/pulumi/pkg/v3/codegen/dotnet"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

const tool = "sdkgen"

func main() {
	if len(os.Args) != 3 {
		fail("usage: sdkgen_more <schema.json> <folder>")
	}
	if err := generate(os.Args[1], os.Args[2]); err != nil {
		fail(err.Error())
	}
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, "sdkgen_more: "+message)
	os.Exit(1)
}

func generate(file, out string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	logo, err := serveLogo()
	if err != nil {
		return err
	}
	defer logo.Close()
	generators := map[string]func(*schema.Package) (map[string][]byte, error){
		"dotnet": func(pkg *schema.Package) (map[string][]byte, error) {
			pkg.LogoURL = "http://" + logo.Addr().String()
			return dotnetgen.GeneratePackage(tool, pkg, nil)
		},
		"java": func(pkg *schema.Package) (map[string][]byte, error) {
			return javagen.GeneratePackage(tool, pkg, nil)
		},
	}
	languages := map[string]schema.Language{"csharp": dotnetgen.Importer, "java": javagen.Importer}
	for name, generator := range generators {
		// Bound anew for each: a generator changes the package that it is given.
		pkg, err := bind(text, languages)
		if err != nil {
			return err
		}
		files, err := generator(pkg)
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

// serveLogo answers every request with an empty picture, on loopback. The .NET generator downloads a logo, and must not
// depend on a network for it.
func serveLogo() (net.Listener, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		png.Encode(w, image.NewRGBA(image.Rect(0, 0, 64, 64)))
	}))
	return listener, nil
}

func bind(text []byte, languages map[string]schema.Language) (*schema.Package, error) {
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, err
	}
	withoutSecretOutputs(spec)
	return schema.ImportSpec(spec, languages)
}

// withoutSecretOutputs takes the mark of secrets from the outputs of components. For a marked output both generators write
// an option that neither language's ComponentResourceOptions has, so the SDK would not compile
// (https://github.com/pulumi/pulumi/issues/11545). The plugin itself makes these outputs secret.
func withoutSecretOutputs(spec schema.PackageSpec) {
	for _, resource := range spec.Resources {
		if !resource.IsComponent {
			continue
		}
		for name, property := range resource.Properties {
			property.Secret = false
			resource.Properties[name] = property
		}
	}
}

func write(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o644)
}
