using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Cli.Output;

namespace AuctionActors.Cli.Node;

/// <summary>What a participant refuses, as a line and an exit code.</summary>
internal static class NodeFailure
{
    public static CommandException Of(ParticipantProtocol.Failed failed) => new(
        failed.Code switch
        {
            "OFFLINE" => ExitCode.Offline,
            "STORAGE_CORRUPT" => ExitCode.VerificationFailed,
            "STORAGE_LOCKED" => ExitCode.Rejected,
            _ => ExitCode.Usage,
        },
        failed.Code,
        failed.Reason);

    public static CommandException Of(ParticipantProtocol.Refused refused) => refused.Code switch
    {
        RefusalCode.Usage => new CommandException(ExitCode.Usage, "USAGE", refused.Message, refused.Expected),
        RefusalCode.Rejected => new CommandException(ExitCode.Rejected, "REJECTED", refused.Message, refused.Expected),
        RefusalCode.NotFound => new CommandException(ExitCode.NotFound, "NOT_FOUND", refused.Message, refused.Expected),
        RefusalCode.Offline => new CommandException(ExitCode.Offline, "OFFLINE", refused.Message, refused.Expected),
        _ => new CommandException(ExitCode.Usage, "FAILED", refused.Message, refused.Expected),
    };
}
