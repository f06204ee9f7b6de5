namespace AuctionActors.Simulation.Scenarios;

/// <summary>One thing that is wrong with a scenario, where it stands, and what would be right.</summary>
/// <param name="Line">Counted from 1; 0 when it came from the command line.</param>
/// <param name="Column">Counted from 1.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Expected">What to write instead, or null.</param>
public sealed record ScenarioProblem(int Line, int Column, string Message, string? Expected)
{
    public override string ToString()
    {
        string place = Line == 0 ? "--set" : $"{Line}:{Column}";
        return Expected is null ? $"{place}: {Message}" : $"{place}: {Message} ({Expected})";
    }
}

/// <summary>A scenario that cannot be run as it stands.</summary>
public sealed class ScenarioException(string file, IReadOnlyList<ScenarioProblem> problems)
    : Exception(string.Join(Environment.NewLine, problems.Select(problem => $"{file}:{problem}")))
{
    public IReadOnlyList<ScenarioProblem> Problems { get; } = problems;
}
