using System.CommandLine;

namespace AuctionActors.Cli.Bee;

/// <summary><c>auction bee</c>: the Hyperbee in a core's folder, readable by and from JavaScript.</summary>
internal static class BeeVerb
{
    public static Command Create()
    {
        Command bee = new("bee", "Work on the Hyperbee in a core's folder. Example: auction bee ls ./feed");
        bee.Subcommands.Add(BeeReadVerbs.List());
        bee.Subcommands.Add(BeeReadVerbs.Get());
        bee.Subcommands.Add(BeeChangeVerbs.History());
        bee.Subcommands.Add(BeeChangeVerbs.Diff());
        bee.Subcommands.Add(BeeWriteVerbs.Put());
        bee.Subcommands.Add(BeeWriteVerbs.Delete());
        bee.Subcommands.Add(BeeFetchVerb.Create());
        return bee;
    }
}
