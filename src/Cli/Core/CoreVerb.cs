using System.CommandLine;

namespace AuctionActors.Cli.Core;

/// <summary><c>auction core</c>: one Hypercore in a folder, readable by and from JavaScript's version 10.</summary>
internal static class CoreVerb
{
    public static Command Create()
    {
        Command core = new("core", "Work on one Hypercore in a folder. Example: auction core append ./feed hello");
        core.Subcommands.Add(CoreCreateVerb.Create());
        core.Subcommands.Add(CoreAppendVerb.Create());
        core.Subcommands.Add(CoreInspectVerbs.Info());
        core.Subcommands.Add(CoreInspectVerbs.Verify());
        core.Subcommands.Add(CoreRepairVerb.Create());
        core.Subcommands.Add(CoreCatVerb.Create());
        core.Subcommands.Add(CoreTruncateVerb.Create());
        core.Subcommands.Add(CoreShareVerb.Create());
        core.Subcommands.Add(CoreFetchVerb.Create());
        return core;
    }
}
