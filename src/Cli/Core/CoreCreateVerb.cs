using System.CommandLine;
using AuctionActors.Cli.Output;
using Hyper.Actors.Runtime;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Cli.Core;

/// <summary><c>auction core create</c>: a new core with a key pair of its own, or a reader of somebody else's.</summary>
internal static class CoreCreateVerb
{
    private static readonly Argument<string> Folder = CoreArguments.Folder();
    private static readonly Option<string?> Seed = new("--seed") { Description = "seed of the key pair, 64 hex digits" };
    private static readonly Option<string?> Key = new("--key") { Description = "key of a core that somebody else writes" };
    private static readonly Option<bool> Compat = new("--compat") { Description = "the core key is the public key itself" };
    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create()
    {
        Command command = new("create", "Make a new core in a folder. Example: auction core create ./feed");
        command.Arguments.Add(Folder);
        foreach (Option option in (Option[])[Seed, Key, Compat, Json])
            command.Options.Add(option);
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private static Task<int> RunAsync(ParseResult parsed)
    {
        string folder = parsed.GetValue(Folder)!;
        if (File.Exists(Path.Combine(folder, "oplog")) && new FileInfo(Path.Combine(folder, "oplog")).Length > 0)
            throw new CommandException(ExitCode.Rejected, "CORE_EXISTS", $"there is a core in {folder} already", "choose another folder");
        CoreOptions options = CoreArguments.Open(folder, readOnly: false) with { Identity = Identity(parsed) };
        return CoreSession.RunAsync(options, async core =>
        {
            CoreInfoText.Print(await core.GetInfoAsync().ConfigureAwait(false), parsed.GetValue(Json));
            return ExitCode.Success;
        });
    }

    private static CoreIdentity Identity(ParseResult parsed)
    {
        CoreKey? key = parsed.GetValue(Key) is { } named ? CoreArguments.ParseKey(named) : null;
        Bytes32? seed = CoreArguments.ParseBytes32(parsed.GetValue(Seed), "--seed");
        if (key is { } known)
        {
            return seed is null && !parsed.GetValue(Compat)
                ? CoreIdentity.ForReader(known)
                : throw CommandException.Usage("--key is for a core that somebody else writes", "leave out --seed and --compat");
        }

        KeyPair keyPair = seed is { } given ? KeyPair.FromSeed(given) : KeyPair.Generate(SystemEntropy.Instance);
        return CoreIdentity.ForWriter(keyPair, parsed.GetValue(Compat));
    }
}
