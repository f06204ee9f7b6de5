using System.CommandLine;
using AuctionActors.Cli;
using AuctionActors.Cli.Output;

RootCommand root = new("Peer-to-peer auctions on the Hyperswarm and Hypercore protocols: simulate many peers, run one, inspect event logs.");
foreach (Command verb in Verbs.All())
    root.Subcommands.Add(verb);
return await CommandRunner.RunAsync(root, args);
