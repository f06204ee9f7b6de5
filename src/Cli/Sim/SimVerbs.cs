using System.CommandLine;

namespace AuctionActors.Cli.Sim;

/// <summary><c>auction sim</c>: scenarios of many peers.</summary>
internal static class SimVerbs
{
    public static Command Create()
    {
        Command sim = new("sim", "run scenarios of many peers, over real UDP sockets or in virtual time");
        sim.Subcommands.Add(RunVerb.Create());
        sim.Subcommands.Add(LintVerb.Create());
        sim.Subcommands.Add(ListVerb.Create());
        return sim;
    }
}
