using Akka.Actor;
using AuctionActors.Cli.Output;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Storage.Cores;

namespace AuctionActors.Cli.Core;

/// <summary>One core opened for the time of a command.</summary>
internal static class CoreSession
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_stopWithin = TimeSpan.FromSeconds(5);

    /// <summary>Opens the core, runs the command on it, and closes it; problems become one line and an exit code.</summary>
    public static Task<int> RunAsync(CoreOptions options, Func<CoreClient, Task<int>> command)
        => RunAsync(options, (core, _) => command(core));

    /// <summary>The same for commands that put actors of their own on top of the core.</summary>
    public static async Task<int> RunAsync(CoreOptions options, Func<CoreClient, ActorSystem, Task<int>> command)
    {
        using DiskFileStore files = new(isPrivate: true);
        using RealRuntime runtime = new("core");
        options = options with { Folder = Path.GetFullPath(options.Folder) };
        IActorRef core = runtime.System.ActorOf(CoreActor.Props(runtime.Peer("core", files), options), "core");
        CoreClient client = new(core, s_timeout);
        try
        {
            int code = await command(client, runtime.System).ConfigureAwait(false);
            await client.CloseAsync().ConfigureAwait(false);
            return code;
        }
        catch (CoreFailedException failed)
        {
            throw Describe(failed, options.Folder, options.Storage.OpensDamaged);
        }
        finally
        {
            // A core that computes hears nothing meanwhile; whoever was interrupted does not wait for it.
            await Task.WhenAny(runtime.StopAsync(), Task.Delay(s_stopWithin)).ConfigureAwait(false);
        }
    }

    private static CommandException Describe(CoreFailedException failed, string folder, bool repairs) => failed.Problem switch
    {
        CoreProblem.NotFound when File.Exists(folder) => new(ExitCode.Usage, "STORAGE_UNUSABLE", $"{folder} is a file, not a folder", "the folder of a core"),
        CoreProblem.NotFound => new(ExitCode.NotFound, "NO_CORE", failed.Message, "'auction core create' makes one"),
        CoreProblem.Corrupt => new(
            ExitCode.VerificationFailed, "CORRUPT_CORE", $"{folder}: {failed.Message}",
            repairs ? "another folder, and 'auction core fetch' from somebody who has the core" : $"'auction core repair {folder}' mends what it can"),
        CoreProblem.Locked => new(ExitCode.Rejected, "LOCKED", failed.Message, "close the program that uses it"),
        CoreProblem.WrongVersion => new(ExitCode.Rejected, "WRONG_VERSION", failed.Message),
        CoreProblem.OutOfRange => new(ExitCode.Usage, "OUT_OF_RANGE", failed.Message),
        CoreProblem.FolderReadOnly or CoreProblem.StorageFailed =>
            new(ExitCode.Usage, "STORAGE_UNUSABLE", failed.Message, "a folder that can be written, and room on its disk"),
        CoreProblem.NotWritable => new(ExitCode.Rejected, "NOT_WRITABLE", failed.Message),
        CoreProblem problem => new(ExitCode.Rejected, Upper(problem), failed.Message),
    };

    private static string Upper(CoreProblem problem)
        => string.Concat(problem.ToString().Select((letter, i)
            => (i > 0 && char.IsUpper(letter) ? "_" : "") + char.ToUpperInvariant(letter)));
}
