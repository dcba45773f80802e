// Runs the example's program inline and prints what it deployed: there may be no Node.js language host to run it for us.
const { LocalWorkspace } = require("@pulumi/pulumi/automation");

async function main() {
    const program = require("./bin/index.js");
    const stack = await LocalWorkspace.createOrSelectStack({
        stackName: "dev",
        projectName: "typescript-project",
        program,
    });
    await stack.setAllConfig(JSON.parse(process.env.CONFIG));
    const up = await stack.up();
    const again = await stack.preview();
    process.stdout.write(JSON.stringify({ outputs: up.outputs, again: again.changeSummary }));
}

main().catch((error) => {
    process.stderr.write(String(error.stack || error));
    process.exit(1);
});
