using System.CommandLine;
using AuctionActors.Cli.Output;
using AuctionActors.EventLog.Querying;
using Hyper.Actors.Runtime.Events;

namespace AuctionActors.Cli.Log;

/// <summary><c>auction log show</c>: events in causal order, filtered.</summary>
internal static class LogShowVerb
{
    private static readonly Argument<string> Folder = LogArguments.Folder();
    private static readonly Option<string?> Peer = new("--peer") { Description = "name of a peer, for example Client#2" };
    private static readonly Option<string?> Actor = new("--actor") { Description = "part of an actor's path; * stands for anything" };
    private static readonly Option<string?> Kind = new("--kind") { Description = "kind of event, for example auction.* or net.drop" };
    private static readonly Option<string?> Corr = LogArguments.Correlation();
    private static readonly Option<string?> Between = new("--between") { Description = "range of times since the start, for example 12s..12.5s" };
    private static readonly Option<int?> Limit = new("--limit") { Description = "stop after this many events" };
    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create()
    {
        Command command = new("show", "Events in causal order. Example: auction log show runs/hello/latest --corr auction=Pic#1 --kind 'auction.*'");
        command.Arguments.Add(Folder);
        foreach (Option option in (Option[])[Peer, Actor, Kind, Corr, Between, Limit, Json])
            command.Options.Add(option);
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        Correlation? correlation = LogArguments.ParseCorrelation(parsed.GetValue(Corr));
        (TimeSpan, TimeSpan)? between = LogArguments.ParseBetween(parsed.GetValue(Between));
        using EventLogFolder log = LogVerb.Open(parsed.GetValue(Folder)!);
        if (correlation is { } wanted)
            correlation = CorrelationAliases.Resolve(log.Read(), wanted);
        LogFilter filter = new(parsed.GetValue(Peer), parsed.GetValue(Actor), parsed.GetValue(Kind), correlation, between);
        IEnumerable<LoggedEvent> found = log.Read().Where(filter.Matches).Take(parsed.GetValue(Limit) ?? int.MaxValue);
        bool json = parsed.GetValue(Json);
        bool any = false;
        foreach (LoggedEvent item in found)
        {
            any = true;
            if (json)
                JsonOutput.WriteLine(EventText.Json(item));
            else
                Console.WriteLine(EventText.Line(item));
        }

        if (any || json)
            return any ? ExitCode.Success : ExitCode.NotFound;
        throw new CommandException(ExitCode.NotFound, "NO_EVENTS", "no event matches", "'auction log summary' lists the kinds and peers there are");
    }
}
