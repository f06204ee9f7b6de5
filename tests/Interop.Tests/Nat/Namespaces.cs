using System.Diagnostics;

namespace AuctionActors.Interop.Tests.Nat;

/// <summary>The network namespaces of one lab: named after this process, and gone with it even when it is killed.</summary>
/// <remarks>A shell that ignores signals waits for this process to close a pipe, and then removes everything.</remarks>
internal sealed class Namespaces : IDisposable
{
    public const string Folder = "/run/netns";
    private const string Family = "auction-nat-";
    private const string Removal = """
        trap '' INT TERM HUP
        cat > /dev/null
        for file in /run/netns/"$1"-*; do
          [ -e "$file" ] || continue
          name=${file##*/}
          for process in $(ip netns pids "$name"); do kill -9 "$process"; done
          ip netns del "$name"
        done
        """;

    private static int _labs;
    private readonly Process _remover;

    public Namespaces()
    {
        Lab = LabOf(Environment.ProcessId, Interlocked.Increment(ref _labs));
        RemoveOrphans();
        _remover = StartRemover(Lab);
    }

    /// <summary>What the names of its namespaces begin with.</summary>
    public string Lab { get; }

    public string NameOf(string part) => $"{Lab}-{part}";

    public static string LabOf(int owner, int number) => $"{Family}{owner}-{number}";

    public static string FileOf(string name) => Path.Combine(Folder, name);

    /// <summary>Makes a namespace with a loopback.</summary>
    public void Add(string part)
    {
        Execute("ip", ["netns", "add", NameOf(part)]);
        // A reply may come in on another interface than the one the request would leave by.
        Run(part, """
            echo 0 > /proc/sys/net/ipv4/conf/all/rp_filter
            echo 0 > /proc/sys/net/ipv4/conf/default/rp_filter
            ip link set lo up
            """);
    }

    public void Remove(string part)
    {
        if (File.Exists(FileOf(NameOf(part))))
            Execute("ip", ["netns", "del", NameOf(part)]);
    }

    /// <summary>Runs a shell script inside a namespace, to its end or its first failure.</summary>
    public void Run(string part, string script)
        => Execute("ip", ["netns", "exec", NameOf(part), "sh", "-e", "-s"], script.ReplaceLineEndings("\n") + "\n");

    /// <summary>Runs a program to its end.</summary>
    public static void Execute(string program, IEnumerable<string> arguments, string? input = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new LabException($"{program} {string.Join(' ', arguments)}: {error.Trim()} {output.Result.Trim()}");
    }

    public void Dispose()
    {
        _remover.StandardInput.Close();
        _remover.WaitForExit();
        _remover.Dispose();
    }

    // Left by a process that was killed together with its remover.
    private static void RemoveOrphans()
    {
        if (!Directory.Exists(Folder))
            return;
        foreach (string lab in Directory.EnumerateFiles(Folder, Family + "*").Select(LabOfFile).Distinct().ToArray())
        {
            string owner = lab[Family.Length..].Split('-')[0];
            if (Directory.Exists($"/proc/{owner}"))
                continue;
            using Process remover = StartRemover(lab);
            remover.StandardInput.Close();
            remover.WaitForExit();
        }
    }

    private static string LabOfFile(string file)
    {
        string name = Path.GetFileName(file);
        return name[..name.LastIndexOf('-')];
    }

    private static Process StartRemover(string lab)
        => Process.Start(new ProcessStartInfo("sh", ["-c", Removal, "sh", lab]) { RedirectStandardInput = true })!;
}
