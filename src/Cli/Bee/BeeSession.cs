using Akka.Actor;
using AuctionActors.Cli.Core;
using AuctionActors.Cli.Output;
using Hyper.Actors.Storage.Bees;
using Hyper.Actors.Storage.Cores;

namespace AuctionActors.Cli.Bee;

/// <summary>The bee in one folder, opened for the time of a command.</summary>
internal static class BeeSession
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(10);

    public static Task<int> RunAsync(string folder, bool readOnly, Func<BeeClient, Task<int>> command)
        => CoreSession.RunAsync(CoreArguments.Open(folder, readOnly), async (core, system) =>
        {
            await core.GetInfoAsync().ConfigureAwait(false);
            IActorRef bee = system.ActorOf(BeeActor.Props(core.Core), "bee");
            try
            {
                return await command(new BeeClient(bee, s_timeout)).ConfigureAwait(false);
            }
            catch (BeeFailedException failed) when (failed.Problem == BeeProblem.Malformed)
            {
                throw new CommandException(
                    ExitCode.VerificationFailed, "NOT_A_BEE", $"{folder}: {failed.Message}", "'auction core cat' prints plain blocks");
            }
            catch (BeeFailedException failed)
            {
                throw new CommandException(ExitCode.Rejected, "BEE_FAILED", $"{folder}: {failed.Message}");
            }
        });
}
