// gyre robot new: a robot folder from a URDF or MJCF file.
#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "gyre/core/error.h"
#include "gyre/robot/import/new_folder.h"
#include "options.h"
#include "robot.h"

namespace gyre::apps {
namespace {

struct NewOptions {
  std::string name, from, out, json;
  RobotAnswers answers;
};

std::string ask(const RobotQuestion& question) {
  fmt::print(stderr, "{} ({}){}: ", question.question, question.flag,
             question.usual.empty() ? "" : " [" + question.usual + "]");
  std::string line;
  if (!std::getline(std::cin, line)) {
    throw Error("robot new", "the input has ended", "answer, or give " + question.flag);
  }
  return line.empty() ? question.usual : line;
}

// Asks at a terminal until nothing is missing.
void complete(const RobotSource& source, RobotAnswers& answers) {
  if (isatty(STDIN_FILENO) == 0) return;
  for (auto missing = missing_answers(source, answers); !missing.empty();
       missing = missing_answers(source, answers)) {
    const RobotQuestion& question = missing.front();
    RobotAnswers with = answers;
    std::string& answer = with.*question.answer;
    const std::string line = ask(question);
    answer = answer.empty() ? line : answer + "," + line;
    try {
      missing_answers(source, with);
      answers = with;
    } catch (const Error& error) {
      fmt::print(stderr, "  {}\n", error.what());
    }
  }
}

void write_robot(NewOptions& options) {
  const RobotSource source = RobotSource::read(options.from);
  complete(source, options.answers);
  write_new_folder(options.name, source, plan_folder(source, options.answers), options.out);
  print_result(fmt::format("{} is in {}; look it over: gyre robot info {} --picture {}.png\n",
                           options.name, options.out, options.out, options.name),
               {{"robot", options.name}, {"folder", options.out}}, options.json);
}

}  // namespace

void add_robot_new(CLI::App& robot) {
  const auto options = std::make_shared<NewOptions>();
  CLI::App* verb = robot.add_subcommand(
      "new", "a robot folder from a URDF or MJCF file; asks at a terminal for what is missing");
  verb->add_option("name", options->name, "the robot's name")->required()->type_name("NAME");
  verb->add_option("--from", options->from, "the arm's URDF or MJCF file")
      ->required()
      ->check(CLI::ExistingFile)
      ->type_name("FILE");
  verb->add_option("--out", options->out, "the new folder")->required()->type_name("DIR");
  RobotAnswers& a = options->answers;
  const auto add = [&](const char* flag, std::string& value, const char* help, const char* type) {
    verb->add_option(flag, value, help)->type_name(type)->group("Facts that the file lacks");
  };
  add("--gripper", a.gripper, "the gripper's joints", "NAME,...");
  add("--closed", a.closed, "their value when closed (rad or m)", "X");
  add("--open", a.open, "their value when open", "X");
  add("--tool", a.tool,
      "the grasp frame, z along the fingers: a site, a body, or a place in a body",
      "NAME|BODY:x,y,z[,r,p,y]");
  add("--joints", a.joints, "the arm's joints in order; without: all but the gripper's",
      "NAME,...");
  add("--max-velocity", a.velocity, "of the joints, a second", "X|JOINT=X,...");
  add("--max-acceleration", a.acceleration, "a second squared; 0: not limited", "X|JOINT=X,...");
  add("--max-jerk", a.jerk, "a second cubed; without: not limited", "X|JOINT=X,...");
  add("--home", a.home, "the joints' positions at the start", "X|JOINT=X,...");
  add("--rate", a.rate, "actions a second of a policy", "HZ");
  add("--cameras", a.cameras, "without: front, and the model's own", "NAME,...");
  add("--scale", a.scale, "of the simulated kitchen; without: by the arm's reach", "X");
  add_json_option(*verb, options->json);
  verb->callback([options] { write_robot(*options); });
}

}  // namespace gyre::apps
