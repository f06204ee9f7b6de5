using System.CommandLine;
using Akka.Actor;
using AuctionActors.Cli.Core;
using AuctionActors.Cli.Output;
using Hyper.Actors.Storage.Bees;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hyperbee.Nodes;

namespace AuctionActors.Cli.Bee;

/// <summary>A bee opened for the time of a command.</summary>
/// <param name="Bee">Reads and writes.</param>
/// <param name="Version">Length of its core when it was opened.</param>
internal sealed record BeeSession(BeeClient Bee, long Version)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(10);
    private static readonly Option<long?> s_checkout = new("--checkout") { Description = "read as the bee was at this length of its core" };

    public static void AddCheckout(Command verb) => verb.Options.Add(s_checkout);

    /// <summary>The bee in a folder.</summary>
    public static Task<int> RunAsync(string folder, bool readOnly, Func<BeeSession, Task<int>> command)
        => CoreSession.RunAsync(
            CoreArguments.Open(folder, readOnly),
            (core, system) => RunAsync(core, system, folder, s_timeout, isRemote: false, command));

    /// <summary>The bee in an open core.</summary>
    /// <param name="core">Open, or being opened.</param>
    /// <param name="system">Its actors.</param>
    /// <param name="name">What people call it.</param>
    /// <param name="timeout">Longest that one read may take.</param>
    /// <param name="isRemote">Whether blocks come from peers.</param>
    /// <param name="command">What to do with the bee.</param>
    public static async Task<int> RunAsync(
        CoreClient core, ActorSystem system, string name, TimeSpan timeout, bool isRemote, Func<BeeSession, Task<int>> command)
    {
        CoreInfo info = await core.GetInfoAsync().ConfigureAwait(false);
        if (info.Length > 0 && await core.GetAsync(0, isRemote, timeout).ConfigureAwait(false) is { } header
            && !BeeHeader.TryDecode(header.Span, out _))
            throw NotABee(name, "the core does not begin as a Hyperbee");
        BeeClient bee = new(system.ActorOf(BeeActor.Props(core.Core), "bee"), timeout);
        try
        {
            return await command(new BeeSession(bee, info.Length)).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            throw SharedOptions.TimedOut(timeout);
        }
        catch (BeeFailedException failed) when (failed.Problem == BeeProblem.Malformed)
        {
            throw NotABee(name, failed.Message);
        }
        catch (BeeFailedException failed)
        {
            throw new CommandException(ExitCode.Rejected, "BEE_FAILED", $"{name}: {failed.Message}");
        }
    }

    /// <summary>The version that <c>--checkout</c> names; the newest when it names none.</summary>
    public long Checkout(ParseResult parsed) => parsed.GetValue(s_checkout) is { } version ? Known(version) : Version;

    /// <summary>The version, if the bee has it.</summary>
    public long Known(long version)
        => version >= 1 && version <= Version ? version : throw new CommandException(
            ExitCode.NotFound, "NO_VERSION", $"there is no version {version}",
            Version < 1 ? "the bee is empty" : $"1 to {Version}; 'auction bee history' lists them");

    private static CommandException NotABee(string name, string reason)
        => new(ExitCode.VerificationFailed, "NOT_A_BEE", $"{name}: {reason}", "'auction core cat' prints plain blocks");
}
