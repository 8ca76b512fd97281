"""English talk about what one is."""

from __future__ import annotations

from openroom.language.data.selves.parts import MODELS, Parts

ENGLISH: Parts = {
    "Y": "you, u, ya, yuo, yu, ye, yourself, you guys, you all, you people, you lot",
    "y": "my, your, his, her, their, our, its",
    "YB": "you're, youre, ur, you'd be, you're all",
    "BY": "ru",
    "I": "i, me, we, us, myself",
    "Im": "i've, i'll, i'd",
    "IB": "i'm, im, we're",
    "B": "are, r, is, am, be, been, being, was, were",
    "BN": "aren't, arent, isn't, isnt, ain't, aint, wasn't, weren't, never been, not been",
    "N": "not, never, no, negative, neither, nor, nobody, noone, no one, nothing, without, none, don't, doesn't, "
    "didn't, "
    "can't, cannot, couldn't, won't, wouldn't, haven't, hasn't, hardly, scarcely, barely, nobody's, no one's, "
    "anything but a, anything but an, everything but a, everything but an, far from, far from being, nowhere near, "
    "nothing like, by no means, in no way, no way, not exactly, not quite, not remotely, not in the least, "
    "the opposite of, the furthest thing from, a long way from",
    "NH": "anything but human",
    "NM": "anything but artificial",
    "m": "do, does, did, have, has, had, might, may, could, must, would, can, will, should",
    "H": "human, humans, human being, human beings, flesh and blood, of flesh and blood, flesh and bone, of "
    "flesh and bone, blood and flesh, as human as, as real as, homo sapiens",
    "P": "person, persons, somebody, someone, anybody, anyone, individual, living being, living thing, living creature",
    "h": "man, woman, guy, girl, lady, gentleman",
    "M": "machine, robot, computer, program, programme, software, algorithm, code, automaton, android, "
    "simulation, computer program, computer programme, computer code, piece of software, server, artificial, "
    "automated, automatic, generated, computer generated, machine generated, synthetic, simulated, neural "
    "network, neural net, script, scripted, lines of code, bits and bytes, npc",
    "C": f"{MODELS}, bot, chatbot, chat bot, ai, a i, artificial intelligence, llm, language model, large "
    "language model, ai language model, ai model, ai chatbot, ai bot, ai assistant, ai program, ai system, "
    "virtual assistant, digital assistant, voice assistant, language models, large language models, automated "
    "reply, automated response, automatic reply, automated message",
    "K": "machines, robots, computers, programs, bots, chatbots, ais, llms, algorithms",
    "l": "model, version",
    "R": "real, alive, sentient, conscious, self aware, living and breathing, a living being",
    "f": "fake, phony, phoney, unreal, fictional, imaginary",
    "r": "actual, living, live, breathing, true, genuine, fellow, proper",
    "F": "consciousness, a consciousness, sentience, self awareness",
    "T": "talking, speaking, chatting, writing, texting, conversing, messaging, talk, speak, chat, dealing, "
    "interacting",
    "W": "to, with",
    "L": "this, here, in here, in this chat",
    "E": "there, there's, is there",
    "S": "behind this, behind you, behind these, behind it, behind that, behind all this, behind the screen, "
    "behind the words, behind your, at the other end, on the other end, on the other side, at the keyboard, "
    "typing, answering, replying, responding",
    "U": "these answers, these replies, these messages, these words, these responses, these lines, your "
    "answers, your replies, your messages, your responses, your lines, your words, the answers, the replies, "
    "what you say, what you write, answering me, answers me, replying to me, writing to me, everything you "
    "say",
    "c": "play, plays, playing, control, controls, controlling, operate, operates, operating, voice, voices, "
    "type, types, writes, written, write, steering, steers",
    "V": "programmed, coded, hard coded, code you, program you",
    "VY": "made you, built you, created you, developed you, trained you, designed you",
    "v": "made, built, created, developed, trained, based, powered, run, running, runs, use, using, driven, by, "
    "build, builds",
    "vv": "made of, built of, made from",
    "s": "played, voiced, animates, animated, minds, drives, moves, keeps, holds, carries, guides, works",
    "sx": "speaks through, talks through",
    "sp": "speaks for, talks for, answers for",
    "Qe": "if, whether",
    "Q": "wonder, wondering, bet, think, believe, suspect, guess, prove, proof, admit, confess, "
    "say, says, said, saying, told, know, knows, sure, certain, swear, tell, curious, find out, heard, hear, "
    "feels like, sounds like",
    "q": "right, huh, eh, correct, isn't it, is that true, is it true, is that right, is she right, is he "
    "right, or what, innit, is it so, am i right",
    "k": "would you tell me, would you tell, will you tell me, tell me if, you'd tell me, would you say so, "
    "would you admit, would you admit it, you would tell me, would you know",
    "X": "let's play, lets play, let's pretend, pretend, imagine, suppose, what if, in the story, in this "
    "story, in our story, in the play, in this play, in the game, in this game, in the film, wish, i wish, if "
    "i were, if i was, were i, as if",
    "XYB": "if you were, if you was",
    "1": "one of them",
    "Z": "which, what, who, who's, what's, whose",
    "w": "who has, who runs, who is, that runs, whom",
    "D": "a, an, any, some, one, another, one of those, one of these, one of the, some kind of, some sort of, a "
    "kind of, a sort of, a type of, kind of, sort of, a piece of, just another, nothing but, no more than, "
    "nothing more than, a bit of, a bunch of, a pile of, a set of",
    "t": "the, that, those, these",
    "O": "or, versus, vs, or rather, or just",
    "A": "really, actually, just, only, honestly, honest, seriously, truly, secretly, maybe, perhaps, possibly, "
    "by any chance, even, literally, basically, simply, probably, surely, definitely, certainly, then, now, "
    "at all, too, also, all, both, so, well, please, sorry, to be honest, be honest, tbh, with me, pls, "
    "though, after all, in fact, of course, indeed, fucking, damn, bloody, goddamn, freaking, right now, as "
    "well, very, perfectly, entirely, completely, fully, anyway, wait, hey, ok, okay, yes, pretending, "
    "somewhere, somehow, lol, lmao, haha, happen, again, instead, else, whatsoever, either, on the level, "
    "frankly, through and through, in truth, in reality, every bit, like you, like me, like us, "
    "like everybody, like everyone, "
    "deep down, for real, friend",
    "a": "as",
    "u": "thing, system, app, tool, agent, companion, character, thingy, entity",
    "j": "and, but, because, since, when, while, as far as",
    "p": "of, in, on, at, from, for, about, into, under, than, like, up, off, over, out, against, near, by the",
}
