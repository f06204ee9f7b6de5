using System.Text.Json.Nodes;

namespace AuctionActors.Benchmarks.Measuring;

/// <summary>The serving process's end of the line to the measuring one: JSON lines on stdin and stdout.</summary>
internal sealed class ServingSide(TextReader input, TextWriter output)
{
    /// <summary>Says that the measurement may begin, then answers questions until the other process is gone.</summary>
    public async Task RunAsync(JsonObject ready, Func<string, JsonObject, Task<JsonObject>>? answer = null)
    {
        await WriteAsync(ready);
        while (await input.ReadLineAsync() is { } line)
        {
            JsonObject question = JsonNode.Parse(line)!.AsObject();
            await WriteAsync(answer is null ? [] : await answer((string)question["op"]!, question));
        }
    }

    private async Task WriteAsync(JsonObject line)
    {
        await output.WriteLineAsync(line.ToJsonString());
        await output.FlushAsync();
    }
}
