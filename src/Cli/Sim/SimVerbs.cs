using System.CommandLine;

namespace AuctionActors.Cli.Sim;

/// <summary><c>auction sim</c>: scenarios of many peers.</summary>
internal static class SimVerbs
{
    public static Command Create()
    {
        Command sim = new("sim", "Run scenarios of many peers, over real UDP sockets or in virtual time. Example: auction sim run simulations/hello.yaml");
        sim.Subcommands.Add(RunVerb.Create());
        sim.Subcommands.Add(LintVerb.Create());
        sim.Subcommands.Add(ListVerb.Create());
        return sim;
    }
}
