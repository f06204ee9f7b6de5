using System.CommandLine;
using AuctionActors.Auctions.Rules.Auditing;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Cli.Output;

namespace AuctionActors.Cli.Node;

/// <summary><c>auction audit</c>: recomputes an exported auction offline.</summary>
internal static class AuditVerb
{
    private const int Fault = 10;
    private const int Incomplete = 11;

    public static Command Create()
    {
        Command command = new("audit", "Verify an exported bundle offline; exit 0 OK, 10 FAULT, 11 INCOMPLETE. Example: auction audit pic1.bundle");
        Argument<FileInfo> file = new("bundle") { Description = "file that export wrote" };
        Option<bool> json = SharedOptions.Json();
        command.Arguments.Add(file);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            FileInfo bundle = parsed.GetValue(file)!;
            if (!bundle.Exists)
                throw new CommandException(ExitCode.NotFound, "NOT_FOUND", $"there is no file {bundle}");
            AuditReport report = Audit.Bundle(File.ReadAllBytes(bundle.FullName));
            if (parsed.GetValue(json))
                JsonOutput.WriteLine(NodeJson.Audit(report));
            else
                Console.WriteLine(Describe(report));
            return report.Verdict switch
            {
                AuditVerdict.Ok => ExitCode.Success,
                AuditVerdict.Fault => Fault,
                _ => Incomplete,
            };
        });
        return command;
    }

    private static string Describe(AuditReport report) => report.Verdict switch
    {
        AuditVerdict.Ok => $"OK  {NodeText.Tally(report)}, digest {report.Digest.ToHex()}",
        AuditVerdict.Fault => report.Unsound > 0
            ? $"FAULT  {report.Unsound} envelopes are not signed by their authors"
            : $"FAULT  {string.Join(", ", report.View!.Faults.Select(fault => $"{fault.Kind.ToText()} at seq {fault.Sequence}"))}",
        _ => report.View is null ? "INCOMPLETE  there is no opening" : $"INCOMPLETE  missing {string.Join(", ", report.Missing)}",
    };
}
