using System.CommandLine;
using Strata.Cli.Frame;
using Strata.Contracts;
using Strata.Evaluator.Reports;
using Strata.Streaming.Inspection;

namespace Strata.Cli.Letters;

/// <summary><c>strata dead-letters</c>: what could never succeed: read it, mend it, send it again, give it up.</summary>
internal static class DeadLettersCommand
{
    private const string Everything = "all";

    public static Command CreateGroup()
        => new Command("dead-letters", "Read what consumers set aside, send it again, mended or as it was, or discard it.")
        {
            List(), Show(), Resend(), Discard(),
        };

    private static StrataCommand List()
    {
        var stack = new StackOptions();
        var (topic, settled) = (TopicOption(), new Option<bool>("--settled") { Description = "Those too that were resent or discarded." });
        var command = new StrataCommand(
            "list",
            "List letters that nothing was done about yet, with their reasons.",
            "strata dead-letters list --kafka localhost:9092",
            "strata dead-letters list --topic strata.events.v1 --settled")
        {
            topic, settled,
        };
        stack.AddBroker(command);
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var letters = await Desk(stack, parsed).ReadAsync(parsed.GetValue(topic), cancellationToken);
            var shown = letters.Where(letter => letter.Settled is null || parsed.GetValue(settled))
                .Select(letter => LetterView.Of(letter, whole: false)).ToList();
            await session.ReportAsync<IReadOnlyList<LetterView>>(shown, LetterTable.Print, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static StrataCommand Show()
    {
        var (stack, id) = (new StackOptions(), LetterArgument());
        var command = new StrataCommand(
            "show",
            "Say all of a letter as JSON: reason, headers, the message where the bytes are one, the bytes in base64.",
            "strata dead-letters show strata.events.v1/0/12")
        {
            id,
        };
        stack.AddBroker(command);
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var letter = await Desk(stack, parsed).FindAsync(parsed.GetValue(id)!, cancellationToken);
            await session.ReportAsync(
                LetterView.Of(letter, whole: true),
                (console, view) => console.Profile.Out.Writer.WriteLine(ReportJson.ToText(view)),
                cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static StrataCommand Resend()
    {
        var (stack, id) = (new StackOptions(), LetterArgument(orAll: true));
        var topic = TopicOption();
        var mended = new Option<FileInfo?>("--message")
        {
            Description = "File with the message as JSON, as show says it, to be sent in place of the original bytes.",
        };
        var command = new StrataCommand(
            "resend",
            "Send a letter's record again to its topic and partition, with its key and headers, and mark the letter; 'all' for each that "
                + "nothing was done about yet.",
            "strata dead-letters resend strata.events.v1/0/12",
            "strata dead-letters resend strata.events.v1/0/12 --message mended.json",
            "strata dead-letters resend all --topic strata.items.v1")
        {
            id, topic, mended,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(id) == Everything && result.GetValue(mended) is not null)
            {
                result.AddError("--message mends one letter: name it.");
            }
        });
        stack.AddBroker(command);
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var desk = Desk(stack, parsed);
            var letters = await FindAsync(desk, parsed.GetValue(id)!, parsed.GetValue(topic), cancellationToken);
            foreach (var letter in letters)
            {
                var json = parsed.GetValue(mended) is { } file ? await File.ReadAllTextAsync(file.FullName, cancellationToken) : null;
                await desk.ResendAsync(letter, json);
                session.Tell($"{letter.Id}: sent to {letter.Letter.Topic}");
            }

            return await DoneAsync(session, letters, "resent", cancellationToken);
        });
        return command;
    }

    private static StrataCommand Discard()
    {
        var (stack, id, topic) = (new StackOptions(), LetterArgument(orAll: true), TopicOption());
        var command = new StrataCommand(
            "discard",
            "Mark a letter as given up, so that list shows it no more; its bytes go when 30 days are over. 'all' for each that nothing was "
                + "done about yet.",
            "strata dead-letters discard strata.events.v1/0/12",
            "strata dead-letters discard all --topic strata.events.v1")
        {
            id, topic,
        };
        stack.AddBroker(command);
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var desk = Desk(stack, parsed);
            var letters = await FindAsync(desk, parsed.GetValue(id)!, parsed.GetValue(topic), cancellationToken);
            foreach (var letter in letters)
            {
                await desk.DiscardAsync(letter);
            }

            return await DoneAsync(session, letters, "discarded", cancellationToken);
        });
        return command;
    }

    private static async Task<ExitCode> DoneAsync(
        Session session, IReadOnlyList<StoredLetter> letters, string what, CancellationToken cancellationToken)
    {
        var done = letters.Select(letter => LetterView.Of(letter with { Settled = what }, whole: false)).ToList();
        await session.ReportAsync<IReadOnlyList<LetterView>>(done, LetterTable.Print, cancellationToken);
        return ExitCode.Done;
    }

    private static Argument<string> LetterArgument(bool orAll = false) => new("LETTER")
    {
        Description = $"As strata dead-letters list names it: topic/partition/offset{(orAll ? "; or all" : "")}.",
    };

    private static Option<string?> TopicOption()
    {
        var topic = new Option<string?>("--topic") { Description = "Only records of this topic." };
        topic.AcceptOnlyFromAmong([.. Topics.All.Select(spec => spec.Name)]);
        return topic;
    }

    private static LetterDesk Desk(StackOptions stack, ParseResult parsed) => new(new LetterBox(stack.Client(parsed)));

    private static async Task<IReadOnlyList<StoredLetter>> FindAsync(
        LetterDesk desk, string id, string? topic, CancellationToken cancellationToken)
        => id == Everything ? await desk.OpenAsync(topic, cancellationToken) : [await desk.FindAsync(id, cancellationToken)];
}
