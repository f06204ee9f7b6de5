using System.CommandLine;
using AuctionActors.Cli.Output;
using Hyper.Actors.Storage.Cores;
using Hyper.Actors.Swarm.Peers;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.HyperDht;

namespace AuctionActors.Cli.Core;

/// <summary><c>auction core fetch</c>: downloads somebody's core into a folder, or goes on with one.</summary>
internal static class CoreFetchVerb
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_lookupEvery = TimeSpan.FromSeconds(2);

    private static readonly Argument<string> Key = new("key") { Description = "key of the core, 64 hex digits" };
    private static readonly Option<string> Into = new("--into") { Description = "folder for the core", Required = true };
    private static readonly Option<string?> Peer = new("--peer") { Description = "public key of a peer that has it (default: look it up)" };
    private static readonly Option<long?> Length = new("--length") { Description = "wait until the core has so many blocks" };
    private static readonly Option<string?> Sparse = new("--sparse") { Description = "only these blocks, for example 5..8" };
    private static readonly Option<bool> Live = new("--live") { Description = "stay, and follow the core as it grows" };
    private static readonly Option<bool> Repair = new("--repair") { Description = "look for damage first, and fetch it again" };
    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create()
    {
        Command command = new("fetch", "Download a core. Example: auction core fetch <key> --into ./copy");
        command.Arguments.Add(Key);
        foreach (Option option in (Option[])[Into, Peer, Length, Sparse, Live, Repair, Json])
            command.Options.Add(option);
        CoreNetwork.AddOptions(command);
        command.SetAction(RunAsync);
        return command;
    }

    /// <summary>Fetches; a folder that was made for a core nobody had is taken away again.</summary>
    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken interrupted)
    {
        CoreNetwork.Check(parsed);
        string folder = parsed.GetValue(Into)!;
        bool isNew = !Directory.Exists(folder) && !File.Exists(folder);
        try
        {
            return await FetchAsync(parsed, interrupted).ConfigureAwait(false);
        }
        catch (Exception) when (isNew && HoldsNothing(folder))
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    private static bool HoldsNothing(string folder)
        => Directory.Exists(folder) && new FileInfo(Path.Combine(folder, "data")) is { Exists: false } or { Length: 0 };

    private static Task<int> FetchAsync(ParseResult parsed, CancellationToken interrupted)
    {
        CoreKey key = new(CoreArguments.ParseBytes32(parsed.GetValue(Key), "the key")!.Value);
        PublicKey? peer = CoreArguments.ParseBytes32(parsed.GetValue(Peer), "--peer") is { } named ? new PublicKey(named) : null;
        (long Start, long End)? blocks = parsed.GetValue(Sparse) is { } range ? CoreArguments.ParseRange(range) : null;
        string folder = parsed.GetValue(Into)!;
        CoreOptions options = parsed.GetValue(Repair) ? CoreArguments.OpenDamaged(folder) : CoreArguments.Open(folder, readOnly: false);
        options = options with { Identity = CoreIdentity.ForReader(key) };
        return CoreSession.RunAsync(options, async (core, system) =>
        {
            await core.GetInfoAsync().ConfigureAwait(false);
            if (parsed.GetValue(Repair))
                CoreRepairVerb.Print(await core.RepairAsync().ConfigureAwait(false), Console.Error);
            CoreNetwork network = await CoreNetwork.JoinAsync(system, parsed, isEphemeral: true, interrupted).ConfigureAwait(false);
            network.Tell(new PeerProtocol.ReplicateCore(key, core.Core, IsFollowed: true, IsSparse: blocks is not null));
            using CancellationTokenSource found = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
            Task seeking = SeekAsync(network, key, peer, found.Token);
            try
            {
                await DownloadAsync(core, parsed, blocks, network.Timeout, interrupted).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                throw SharedOptions.TimedOut(network.Timeout);
            }
            finally
            {
                await found.CancelAsync().ConfigureAwait(false);
                await seeking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await network.LeaveAsync().ConfigureAwait(false);
            }

            return ExitCode.Success;
        });
    }

    /// <summary>Connects to the named peer, or to whoever announces the core, again and again until it is cancelled.</summary>
    private static async Task SeekAsync(CoreNetwork network, CoreKey key, PublicKey? peer, CancellationToken cancelled)
    {
        TopicKey topic = new(key.ToDiscoveryKey().Value);
        for (long request = 1; ; request++)
        {
            if (peer is { } named)
            {
                network.Tell(new PeerProtocol.Connect(named));
            }
            else
            {
                network.Tell(new PeerProtocol.LookupTopic(new PeerRequestId(request), topic));
                foreach (PublicKey remote in (await network.NextAsync<PeerProtocol.TopicPeersFound>(cancelled).ConfigureAwait(false)).Peers)
                    network.Tell(new PeerProtocol.Connect(remote));
            }

            await Task.Delay(s_lookupEvery, cancelled).ConfigureAwait(false);
        }
    }

    private static async Task DownloadAsync(
        CoreClient core, ParseResult parsed, (long Start, long End)? blocks, TimeSpan timeout, CancellationToken interrupted)
    {
        bool isSparse = blocks is not null;
        long wanted = Math.Max(parsed.GetValue(Length) ?? 1, blocks?.End ?? 0);
        FetchProgress progress = FetchProgress.ForTerminal(parsed.GetValue(Json));
        try
        {
            await AwaitLengthAsync(core, wanted, isSparse, progress, timeout, interrupted).ConfigureAwait(false);
            if (parsed.GetValue(Repair))
                await AwaitRepairAsync(core, timeout, interrupted).ConfigureAwait(false);
        }
        finally
        {
            progress.End();
        }

        for (long index = blocks?.Start ?? 0; index < (blocks?.End ?? 0); index++)
            await core.GetAsync(index, wait: true).WaitAsync(timeout, interrupted).ConfigureAwait(false);
        CoreInfo info = await core.GetInfoAsync().ConfigureAwait(false);
        CoreInfoText.Print(info, parsed.GetValue(Json));
        while (parsed.GetValue(Live))
        {
            await Task.Delay(s_pause, interrupted).ConfigureAwait(false);
            CoreInfo now = await core.GetInfoAsync().ConfigureAwait(false);
            if (now.ContiguousLength == info.ContiguousLength && now.Fork == info.Fork)
                continue;
            info = now;
            CoreInfoText.Print(info, parsed.GetValue(Json));
        }
    }

    // The limit is for standing still: a large core takes as long as it takes.
    private static async Task AwaitLengthAsync(
        CoreClient core, long length, bool isSparse, FetchProgress progress, TimeSpan timeout, CancellationToken interrupted)
    {
        long last = -1;
        for (TimeSpan waited = TimeSpan.Zero; ; waited += s_pause)
        {
            CoreInfo info = await core.GetInfoAsync().ConfigureAwait(false);
            if (info.Length >= length && (isSparse || info.ContiguousLength == info.Length))
                return;
            progress.Show(info, length);
            if (info.ContiguousLength != last)
                (last, waited) = (info.ContiguousLength, TimeSpan.Zero);
            if (waited > timeout)
                throw info.Length == 0
                    ? new CommandException(ExitCode.NotFound, "NOT_FOUND", "no peer with the core was found", "share it, or name one with --peer")
                    : SharedOptions.TimedOut(timeout);
            await Task.Delay(s_pause, interrupted).ConfigureAwait(false);
        }
    }

    private static async Task AwaitRepairAsync(CoreClient core, TimeSpan timeout, CancellationToken interrupted)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        limit.CancelAfter(timeout);
        while ((await core.RepairAsync().ConfigureAwait(false)).Damage.Count > 0)
        {
            if (limit.IsCancellationRequested && !interrupted.IsCancellationRequested)
                throw SharedOptions.TimedOut(timeout);
            await Task.Delay(s_pause, interrupted).ConfigureAwait(false);
        }
    }
}
