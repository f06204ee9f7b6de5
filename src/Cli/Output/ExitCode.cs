namespace AuctionActors.Cli.Output;

/// <summary>Exit codes of the tools; <c>sim run</c> and <c>audit</c> have their own meanings for some.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Usage = 2;
    public const int Rejected = 3;
    public const int NotFound = 4;
    public const int Offline = 5;
    public const int VerificationFailed = 6;
    public const int Interrupted = 130;

    /// <summary>Whoever read the output has left before its end; shells say the same of other programs.</summary>
    public const int PipeClosed = 141;
}
