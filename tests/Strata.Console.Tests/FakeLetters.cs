namespace Strata.Console.Tests;

/// <summary>One dead letter, t/0/1, and a note of what was done.</summary>
internal sealed class FakeLetters : IConsoleLetters
{
    public List<string> Done { get; } = [];

    public Task<ConsoleLetterList> ListAsync(long known, CancellationToken cancellationToken)
        => Task.FromResult(new ConsoleLetterList(7, known == 7 ? null : [new { Id = "t/0/1" }]));

    public Task<object> ShowAsync(string id, CancellationToken cancellationToken)
        => id == "t/0/1"
            ? Task.FromResult<object>(new { Id = id, Bytes = "AQ==" })
            : throw new InvalidDataException($"no letter {id}");

    public Task<int> ResendAsync(IReadOnlyList<string> ids, string? message, CancellationToken cancellationToken)
    {
        Done.Add($"resend {string.Join(' ', ids)} {message}");
        return Task.FromResult(ids.Count);
    }

    public Task<int> DiscardAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        Done.Add($"discard {string.Join(' ', ids)}");
        return Task.FromResult(ids.Count);
    }
}
